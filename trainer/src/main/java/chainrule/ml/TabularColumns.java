package chainrule.ml;

import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;

/** Marks a column of vectors as the output of {@link TabularEncoder}. */
final class TabularColumns {
  private static final String KEY = "chainrule_encoded";

  private TabularColumns() {}

  /** Returns the metadata with the mark. */
  static Metadata marked(Metadata metadata) {
    return new MetadataBuilder().withMetadata(metadata).putBoolean(KEY, true).build();
  }

  /** Returns whether a column's vectors are inputs of a network as they are. */
  static boolean areEncoded(StructField field) {
    return field.metadata().contains(KEY) && field.metadata().getBoolean(KEY);
  }
}
