package chainrule.spark.shard;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Block;
import chainrule.data.Encoder;
import chainrule.data.LabelEncoding;
import chainrule.data.RawRow;
import chainrule.spark.Sparks;
import chainrule.train.shard.Shard;
import chainrule.train.shard.ShardBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class ShardRddTest {
  private static final ClassTag<LocalShard> LOCAL_SHARD = ClassTag$.MODULE$.apply(LocalShard.class);

  @TempDir private static Path temporary;

  /** Packs a shard of as many rows as its number. */
  private static LocalShard pack(int index) {
    var encoder = new Encoder(List.of(), List.of(), new LabelEncoding.Scale(0, 1));
    RawRow row = RawRow.withNumericLabel(new double[0], new String[0], 1, 1);
    return new LocalShard(
        ShardBuilder.toFiles(
            index,
            encoder,
            builder -> {
              for (int i = 0; i < index; i++) {
                builder.add(Block.Part.TRAINING, row);
              }
            },
            () -> temporary.resolve(UUID.randomUUID().toString())));
  }

  private static LocalShard sent(LocalShard shard) throws IOException, ClassNotFoundException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(shard);
    }
    assertThat(bytes.size()).isLessThan(200);
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (LocalShard) in.readObject();
    }
  }

  @Test
  void theRowsOfAShardAreNotSent() throws Exception {
    LocalShard shard = pack(3);
    assertThat(shard.shard().orElseThrow().training().rows()).isEqualTo(3);
    assertThat(sent(shard).shard()).isEmpty();
  }

  @Test
  void aShardThatIsElsewhereIsPackedAnewAndKept() throws Exception {
    var context = JavaSparkContext.fromSparkContext(Sparks.local2().sparkContext());
    RDD<LocalShard> packed =
        context
            .parallelize(List.of(0, 1, 2, 3), 4)
            .map(ShardRddTest::pack)
            .persist(StorageLevel.MEMORY_ONLY())
            .rdd();
    var block = new RDDBlockId(packed.id(), 3);
    var blocks = SparkEnv.get().blockManager();
    // As Spark would keep it when another executor has sent it.
    assertThat(
            blocks.putSingle(block, sent(pack(3)), StorageLevel.MEMORY_ONLY(), true, LOCAL_SHARD))
        .isTrue();

    List<Integer> rows =
        new ShardRdd(packed).toJavaRDD().map(shard -> shard.training().rows()).collect();

    assertThat(rows).containsExactly(0, 1, 2, 3);
    var kept = (LocalShard) blocks.getLocalValues(block).get().data().next();
    blocks.releaseLock(block, Option.empty());
    Shard shard = kept.shard().orElseThrow();
    assertThat(shard.training().rows()).isEqualTo(3);
    packed.unpersist(true);
    // Spark closed it; who has the rows may read on.
    assertThat(kept.shard()).isEmpty();
    assertThat(shard.training().rows()).isEqualTo(3);
  }
}
