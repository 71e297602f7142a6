/**
 * The {@code spark-submit} main classes and their common parts.
 *
 * <p>Lives here: one class for each command; argument parsing, exit codes, and a training from
 * tables to output folder.
 *
 * <p>May not: compute anything that belongs into the library.
 */
package chainrule.jobs;
