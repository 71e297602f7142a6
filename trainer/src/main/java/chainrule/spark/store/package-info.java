/**
 * Files in any file system of Hadoop.
 *
 * <p>Lives here: files and folders that are complete or absent, checkpoint folders, and the
 * description of the machine that wrote them.
 *
 * <p>May not: know what is in the files.
 */
package chainrule.spark.store;
