/**
 * The output of a command: the output folder, metrics, and lines on standard output.
 *
 * <p>Lives here: output folders, JSON and tables of results, sentences about faults, and the writer
 * of the report.
 *
 * <p>May not: read data or change a model.
 */
package chainrule.jobs.output;
