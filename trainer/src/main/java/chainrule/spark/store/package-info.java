/**
 * Files in any file system that Hadoop supports.
 *
 * <p>Lives here: files that are complete or absent, checkpoint folders, and the description of the
 * environment that wrote them.
 *
 * <p>May not: know what is in the files.
 */
package chainrule.spark.store;
