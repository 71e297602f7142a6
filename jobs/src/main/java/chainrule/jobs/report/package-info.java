/**
 * Pages about runs: the report of one and the comparison of several, each a file of its own that
 * needs nothing else.
 *
 * <p>Lives here: what is computed for a page alone from a sample of rows and from the files that a
 * run wrote, the words, and the template. Whatever comes from data (names of columns and classes,
 * values, settings) is a text: the template escapes it, and no script runs but the page's own.
 *
 * <p>May not: know the command line or Spark, read a clock, or change what a run wrote.
 */
package chainrule.jobs.report;
