package chainrule.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of the table. Immutable.
 *
 * @param unit of ours and theirs
 * @param peer whose figure stands beside ours; empty if nobody's does
 * @param ratio how ours and the peer's compare, as the section defines it
 */
record Result(
    String section,
    String label,
    String unit,
    Summary ours,
    String peer,
    Optional<Summary> theirs,
    Optional<Summary> ratio,
    Optional<Target> target) {

  private static final String ROW = "%-9s %-44s %20s %-32s %9s %13s %s";

  static Result of(String section, String label, String unit, List<Double> ours) {
    return new Result(
        section,
        label,
        unit,
        Summary.of(ours),
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Returns the result with a peer's beside it, and ours divided by theirs, round by round. */
  Result beside(String who, List<Double> theirValues, List<Double> ratios) {
    return new Result(
        section,
        label,
        unit,
        ours,
        who,
        Optional.of(Summary.of(theirValues)),
        Optional.of(Summary.of(ratios)),
        target);
  }

  Result toReach(Target bound) {
    return new Result(section, label, unit, ours, peer, theirs, ratio, Optional.of(bound));
  }

  /** Says whether the target is reached; of no target, or one that needs a peer, nothing. */
  Optional<Boolean> isReached() {
    if (target.isEmpty() || (target.get().ofRatio() && ratio.isEmpty())) {
      return Optional.empty();
    }
    double its = ratio.map(Summary::median).orElse(Double.NaN);
    return Optional.of(target.get().isReached(ours.median(), its));
  }

  /** Returns a line of JSON. */
  ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("section", section).put("case", label).put("unit", unit);
    put(node, "ours", ours);
    theirs.ifPresent(summary -> put(node.put("peer", peer), "theirs", summary));
    ratio.ifPresent(summary -> put(node, "ratio", summary));
    target.ifPresent(bound -> node.put("target", bound.text(unit)));
    isReached().ifPresent(reached -> node.put("reached", reached));
    return node;
  }

  private static void put(ObjectNode node, String name, Summary summary) {
    node.putObject(name)
        .put("median", summary.median())
        .put("low", summary.low())
        .put("high", summary.high())
        .put("count", summary.count());
  }

  static String header() {
    return String.format(
            Locale.ROOT, ROW, "section", "case", "ours", "peer", "ratio", "target", "reached")
        .stripTrailing();
  }

  /** Returns the line, without what is not there. */
  String row() {
    return String.format(
            Locale.ROOT,
            ROW,
            section,
            label,
            number(ours.median()) + " " + unit,
            theirs.map(summary -> number(summary.median()) + " " + peer).orElse(""),
            ratio.map(summary -> number(summary.median()) + " ×").orElse(""),
            target.map(bound -> bound.text(unit)).orElse(""),
            isReached().map(reached -> reached ? "yes" : "no").orElse(""))
        .stripTrailing();
  }

  /** Returns a number with three digits that count, and thousands apart. */
  static String number(double value) {
    double magnitude = Math.abs(value);
    if (magnitude >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, magnitude >= 10 ? "%.1f" : "%.2f", value);
  }
}
