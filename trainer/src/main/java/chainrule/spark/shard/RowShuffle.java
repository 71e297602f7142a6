package chainrule.spark.shard;

import chainrule.data.Placement;
import chainrule.data.RawRow;
import chainrule.data.RowProblem;
import chainrule.data.RowProblemException;
import chainrule.spark.read.Iterators;
import chainrule.spark.read.ParsedRow;
import chainrule.spark.read.RowSource;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.KryoSerializer;
import scala.Tuple2;

/** Sorts rows by keys that are hashes of their content: the only shuffle of rows. */
public final class RowShuffle {
  private static final String[] NO_PROBLEM = {};

  private RowShuffle() {}

  /**
   * The part of the rows that a table has.
   *
   * @param fraction of the rows that is set aside for a test
   * @param test whether the table has the rows that are set aside, or the others
   */
  public record TestSplit(double fraction, boolean test) implements Serializable {
    boolean has(long key) {
      return Placement.isTest(key, fraction) == test;
    }
  }

  /**
   * Returns all rows in the order of their keys, with the problems of those that have any; in files
   * of the shuffle once they are asked for.
   *
   * @param buckets partitions, at least the number of shards
   */
  static RDD<Tuple2<KeyedRow, String[]>> shuffle(
      RowSource source, TestSplit part, int buckets, long seed) {
    JavaPairRDD<KeyedRow, String[]> keyed =
        source
            .parsed()
            .mapPartitionsToPair(
                rows ->
                    Iterators.filter(
                        Iterators.map(rows, row -> keyed(row, seed)),
                        // A problem belongs to the training part, so that it is counted once.
                        row -> row._2.length > 0 ? !part.test : part.has(row._1.key())));
    JavaPairRDD<KeyedRow, String[]> ordered =
        keyed.repartitionAndSortWithinPartitions(new ShardPartitioner(buckets));
    @SuppressWarnings("unchecked") // it is what repartitionAndSortWithinPartitions makes
    var shuffledRdd = (ShuffledRDD<KeyedRow, String[], String[]>) (RDD<?>) ordered.rdd();
    // Not with the user's settings of Kryo: they may refuse classes that are not registered.
    shuffledRdd.setSerializer(new KryoSerializer(new SparkConf(false)));
    return ordered.rdd();
  }

  private static Tuple2<KeyedRow, String[]> keyed(ParsedRow parsed, long seed) {
    Optional<RowProblem> problem = parsed.problem();
    if (problem.isPresent()) {
      RawRow nothing = RawRow.withNumericLabel(new double[0], new String[0], 0, 0);
      return new Tuple2<>(new KeyedRow(0, nothing), problem.get().toTexts());
    }
    RawRow row = parsed.orElseThrow(RowProblemException::new);
    return new Tuple2<>(new KeyedRow(Placement.key(row, seed), row), NO_PROBLEM);
  }
}
