/**
 * Reads tables with Spark SQL and turns each row into numbers, categories, or a problem with its
 * file, row and column.
 *
 * <p>Lives here: listing and watching files, CSV and Parquet specifics, schemas, parsers of cells
 * and rows, reports of rows that cannot be used.
 *
 * <p>May not: know shards, networks or engines.
 */
package chainrule.spark.read;
