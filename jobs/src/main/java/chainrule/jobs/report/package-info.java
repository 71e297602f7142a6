/**
 * Pages about runs: the report of one run, the comparison of several, and the live page. Each is
 * one self-contained file.
 *
 * <p>Lives here: computations for a page from a sample of rows and the files of a run, the texts,
 * and the template. Everything from data (names of columns and classes, values, settings) is text:
 * the template escapes it, and only scripts of the page run.
 *
 * <p>May not: know the command line or Spark, read a clock, or change what a run wrote.
 */
package chainrule.jobs.report;
