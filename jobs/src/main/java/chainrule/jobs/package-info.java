/**
 * The {@code spark-submit} main classes and what only they need: configuration, command line,
 * progress, files written.
 *
 * <p>Lives here: one class a command, the mapping from HOCON to the library's settings, printing.
 *
 * <p>May not: compute anything that the library should be able to compute without a command line.
 */
package chainrule.jobs;
