package chainrule.spark.cluster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import scala.Tuple2;

/**
 * Moves objects from tasks to the driver and between tasks as {@code byte[]} that Java
 * serialization wrote. Spark itself would write them with {@code spark.serializer}, which belongs
 * to the user: Kryo cannot write Java records and unmodifiable lists, and with {@code
 * spark.kryo.registrationRequired} it accepts registered classes only. Every serializer can write a
 * {@code byte[]}.
 *
 * <p>Closures need none of this: Spark always writes them with Java serialization.
 *
 * <p>Errors: {@link UncheckedIOException} if an object is not serializable.
 */
public final class TaskResults {
  private TaskResults() {}

  /** Returns the bytes from which {@link #unpack} makes an equal object. */
  public static byte[] pack(Object value) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot serialize " + value.getClass().getName(), e);
    }
    return bytes.toByteArray();
  }

  /**
   * Returns the object that {@link #pack} wrote.
   *
   * @param <T> the object's type, which the caller knows
   */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the caller packed a T
  public static <T> T unpack(byte[] bytes) {
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (T) in.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot deserialize the result of a task", e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("Cannot deserialize the result of a task", e);
    }
  }

  /** Returns all elements, in the order of partitions; starts a job. */
  public static <T> List<T> collect(JavaRDD<T> elements) {
    List<byte[]> partitions =
        elements.mapPartitions(part -> List.of(pack(listed(part))).iterator()).collect();
    List<T> all = new ArrayList<>();
    for (byte[] partition : partitions) {
      all.addAll(TaskResults.<List<T>>unpack(partition));
    }
    return all;
  }

  private static <T> List<T> listed(Iterator<T> elements) {
    List<T> list = new ArrayList<>();
    elements.forEachRemaining(list::add);
    return list;
  }

  /** Returns the first elements, in the order of partitions; starts one job or more. */
  public static <T> List<T> take(JavaRDD<T> elements, int most) {
    List<T> taken = new ArrayList<>();
    elements.map(TaskResults::pack).take(most).forEach(bytes -> taken.add(unpack(bytes)));
    return taken;
  }

  /**
   * Returns the merger of all elements; starts a job. With many partitions, one more stage of
   * executors merges first, so that the driver merges about √partitions elements.
   *
   * @param merge associative and commutative, because elements arrive in any order; may change and
   *     return its first argument
   * @throws NoSuchElementException if there are no elements
   */
  public static <T> T merge(JavaRDD<T> elements, Function2<T, T, T> merge) {
    int partitions = elements.getNumPartitions();
    int fanIn = Math.max(2, (int) Math.ceil(Math.sqrt(partitions)));
    JavaRDD<byte[]> packed = elements.mapPartitions(part -> packedMerger(part, merge));
    if (partitions > fanIn + Math.ceil((double) partitions / fanIn)) {
      packed = mergeInGroups(packed, partitions / fanIn, merge);
    }
    Iterator<T> merged = unpacked(packed.collect().iterator());
    return merger(merged, merge);
  }

  private static <T> JavaRDD<byte[]> mergeInGroups(
      JavaRDD<byte[]> packed, int groups, Function2<T, T, T> merge) {
    JavaRDD<Tuple2<Integer, byte[]>> grouped =
        packed.mapPartitionsWithIndex(
            (index, part) -> {
              List<Tuple2<Integer, byte[]>> own = new ArrayList<>();
              part.forEachRemaining(bytes -> own.add(new Tuple2<>(index % groups, bytes)));
              return own.iterator();
            },
            false);
    return JavaPairRDD.fromJavaRDD(grouped)
        .partitionBy(new HashPartitioner(groups))
        .values()
        .mapPartitions(part -> packedMerger(unpacked(part), merge));
  }

  private static <T> Iterator<T> unpacked(Iterator<byte[]> packed) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return packed.hasNext();
      }

      @Override
      public T next() {
        return unpack(packed.next());
      }
    };
  }

  private static <T> Iterator<byte[]> packedMerger(Iterator<T> elements, Function2<T, T, T> merge) {
    return elements.hasNext()
        ? List.of(pack(merger(elements, merge))).iterator()
        : List.<byte[]>of().iterator();
  }

  private static <T> T merger(Iterator<T> elements, Function2<T, T, T> merge) {
    T all = elements.next();
    while (elements.hasNext()) {
      try {
        all = merge.call(all, elements.next());
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) { // declared by Spark's interface alone
        throw new IllegalStateException("Cannot merge the results of tasks", e);
      }
    }
    return all;
  }
}
