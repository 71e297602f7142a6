package chainrule.jobs.live;

import chainrule.train.history.EpochRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The progress of a training in one line. If the line is too long, the least important parts are
 * left out. Immutable.
 *
 * @param name of the phase
 * @param epochs the phase's epochs, at most
 * @param step finished steps
 * @param steps the phase's steps, at most
 * @param secondsLeft NaN if it is not known
 * @param where engine and kernels
 */
record ProgressLine(
    String name, int epochs, long step, long steps, double secondsLeft, String where) {
  private static final int BAR = 20;
  private static final int SHORTEST_BAR = 5;

  /** A part of the line; parts of the highest rank are left out first. */
  private record Part(int rank, String text) {}

  /** Returns a line with a bar. */
  String withBar(Optional<EpochRecord> last, double loss, int width) {
    double done = steps == 0 ? 0 : (double) step / steps;
    String percent = String.format(Locale.ROOT, "%s %3d%%", name, (int) (100 * done));
    int room = width - percent.length() - SHORTEST_BAR - 4;
    int current = steps == 0 ? 1 : (int) Math.min(epochs, step * epochs / steps + 1);
    String text = fitted(parts(current, last, loss), room);
    int length = Math.min(BAR, width - percent.length() - text.length() - 4);
    return length < SHORTEST_BAR
        ? cut(percent + " " + text, width)
        : percent + " " + bar(done, length) + " " + text;
  }

  private static String cut(String text, int width) {
    return text.substring(0, Math.max(0, Math.min(width, text.length())));
  }

  private static String bar(double done, int length) {
    int full = (int) (done * length);
    String head = full < length ? ">" : "";
    return "["
        + "=".repeat(full)
        + head
        + " ".repeat(Math.max(0, length - full - head.length()))
        + "]";
  }

  /** Returns a line for a log. */
  String plain(EpochRecord epoch) {
    List<Part> parts = parts(epoch.epoch(), Optional.of(epoch), epoch.trainLoss());
    return name + ": " + fitted(parts, Integer.MAX_VALUE);
  }

  private static String fitted(List<Part> parts, int room) {
    List<Part> kept = new ArrayList<>(parts);
    while (!kept.isEmpty()) {
      String text = String.join(", ", kept.stream().map(Part::text).toList());
      if (text.length() <= room) {
        return text;
      }
      kept.remove(kept.stream().max(Comparator.comparingInt(Part::rank)).orElseThrow());
    }
    return "";
  }

  /**
   * @param last the last finished epoch, if any
   * @param loss of that epoch or, before the first epoch ends, of the last step
   */
  private List<Part> parts(int epoch, Optional<EpochRecord> last, double loss) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(0, String.format(Locale.ROOT, "epoch %d/%d", epoch, epochs)));
    parts.add(new Part(6, String.format(Locale.ROOT, "step %d/%d", step, steps)));
    if (!Double.isNaN(loss)) {
      parts.add(new Part(1, String.format(Locale.ROOT, "loss %.4f", loss)));
    }
    if (last.isPresent()) {
      EpochRecord record = last.get();
      if (record.validation().rows() > 0) {
        parts.add(new Part(2, text("validation", record.validation().get("loss"))));
        record.validation().values().entrySet().stream()
            .filter(metric -> !metric.getKey().equals("loss"))
            .findFirst()
            .ifPresent(metric -> parts.add(new Part(4, text(metric.getKey(), metric.getValue()))));
      }
      parts.add(new Part(5, String.format(Locale.ROOT, "%,.0f rows/s", record.rowsPerSecond())));
    }
    if (!Double.isNaN(secondsLeft)) {
      parts.add(new Part(3, time((long) Math.ceil(secondsLeft)) + " left"));
    }
    parts.add(new Part(7, where));
    return parts;
  }

  private static String text(String name, double value) {
    return String.format(Locale.ROOT, "%s %.4f", name, value);
  }

  /**
   * Returns how long the rest takes at the current speed; NaN before the first step.
   *
   * @param firstStep steps of the earlier run, if this run resumed
   * @param startNanos start of this run
   */
  static double secondsLeft(long firstStep, long step, long steps, long startNanos) {
    double seconds = (System.nanoTime() - startNanos) * 1e-9;
    long here = step - firstStep;
    return here <= 0 ? Double.NaN : seconds * (steps - step) / here;
  }

  private static String time(long seconds) {
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
