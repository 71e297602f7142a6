/**
 * The {@code spark-submit} main classes and their common parts.
 *
 * <p>Lives here: one class a command, named in the documentation; the parsing of arguments, exit
 * codes, and a training from tables to output folder.
 *
 * <p>May not: compute anything that the library should be able to compute without a command line.
 */
package chainrule.jobs;
