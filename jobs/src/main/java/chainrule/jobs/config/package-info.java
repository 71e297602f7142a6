/**
 * The configuration of a command.
 *
 * <p>Lives here: HOCON files with overrides, checked against reference.conf, and their mapping to
 * the library's settings; whether a run resumes from a checkpoint.
 *
 * <p>May not: read data or start Spark.
 */
package chainrule.jobs.config;
