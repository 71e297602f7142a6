/**
 * Rows: their columns, their encoding as numbers, the packed blocks they are kept in, their order.
 *
 * <p>Lives here: {@code Schema} and {@code RawRow} (a row as it was read), {@code Encoder} (a row
 * as the network sees it), {@code Block} (packed rows), {@code EpochOrder} and mini-batches, the
 * data fingerprint. Plain Java, so that scoring needs no Spark.
 *
 * <p>May not: know layers, training or Spark; depend on the order in which rows, files or
 * partitions come.
 */
package chainrule.data;
