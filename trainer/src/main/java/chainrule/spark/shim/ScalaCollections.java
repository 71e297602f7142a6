package chainrule.spark.shim;

import java.util.ArrayList;
import java.util.List;
import scala.collection.Iterable;
import scala.collection.Iterator;

/** Scala's collections as Java's; Scala 2.12 and 2.13 have different converters. */
public final class ScalaCollections {
  private ScalaCollections() {}

  /** Returns the elements in order, in a list that may be changed. */
  public static <T> List<T> toList(Iterable<T> elements) {
    List<T> list = new ArrayList<>();
    for (Iterator<T> rest = elements.iterator(); rest.hasNext(); ) {
      list.add(rest.next());
    }
    return list;
  }
}
