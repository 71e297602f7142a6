package chainrule.bench;

import java.util.Locale;

/**
 * What a figure is to reach.
 *
 * @param ofRatio whether it is about the ratio to the peer, or about our own figure
 * @param atLeast whether more is better
 */
record Target(boolean ofRatio, boolean atLeast, double bound) {
  static Target ratioAtLeast(double bound) {
    return new Target(true, true, bound);
  }

  static Target ratioAtMost(double bound) {
    return new Target(true, false, bound);
  }

  static Target atLeast(double bound) {
    return new Target(false, true, bound);
  }

  static Target atMost(double bound) {
    return new Target(false, false, bound);
  }

  boolean isReached(double ours, double ratio) {
    double value = ofRatio ? ratio : ours;
    return atLeast ? value >= bound : value <= bound;
  }

  String text(String unit) {
    return String.format(
        Locale.ROOT, "%s %s %s", atLeast ? "≥" : "≤", Result.number(bound), ofRatio ? "×" : unit);
  }
}
