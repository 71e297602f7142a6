package chainrule.train.settings;

import chainrule.data.NumberEncoding;

/**
 * The settings that are used where a user gives none: functions of the number of rows alone, found
 * by experiment on some thirty tables of 80 to 43,000 rows.
 *
 * <p>Throughout, n is the number of rows of the training table, held-out ones included.
 */
public final class Recipe {
  /** Learning rate of the first step; the cosine takes it to 0. */
  public static final double LEARNING_RATE = 0.002;

  /** Decoupled weight decay of AdamW. */
  public static final double WEIGHT_DECAY = 0.3;

  /** Label smoothing of classifications. */
  public static final double LABEL_SMOOTHING = 0.1;

  /** How many numbers stand for a value of an embedded category. */
  public static final int EMBEDDING_SIZE = 16;

  /** The most bins of a numeric column, and the most of all together. */
  private static final int BINS = 16;

  private static final int ALL_BINS = 768;

  /** Passes over which the validation loss is averaged before the least is sought. */
  public static final int SMOOTHED_PASSES = 9;

  /** The most networks that are averaged. */
  private static final int MEMBERS = 8;

  /** Up to this many rows training is repeated on all rows for the chosen number of passes. */
  static final long REFIT_ROWS = 20_000;

  private static final long LARGE_ROWS = 40_000;
  private static final long HUGE_ROWS = 100_000;

  /** Iterations of L-BFGS, as MLlib has it. */
  public static final int FULL_BATCH_EPOCHS = 100;

  /** The most shards of a full batch unless told otherwise: for so many a table is shuffled. */
  public static final int FULL_BATCH_SHARDS = 16;

  private Recipe() {}

  /** 2^round(log2(n / 24)), from 32 to 256; 1,024 from 100,000 rows. */
  public static int batchSize(long rows) {
    if (rows >= HUGE_ROWS) {
      return 1024;
    }
    double exponent = StrictMath.log(Math.max(1, rows) / 24.0) / StrictMath.log(2);
    return 1 << (int) Math.max(5, Math.min(8, Math.round(exponent)));
  }

  /** round(10⁶ / n), from 30 to 100. */
  public static int epochs(long rows) {
    return (int) Math.max(30, Math.min(100, Math.round(1e6 / Math.max(1, rows))));
  }

  /** 0.15 · min(1, 5000 / n). */
  public static double dropout(long rows) {
    return 0.15 * Math.min(1, 5000.0 / Math.max(1, rows));
  }

  /**
   * Bins of each numeric column; 0 if numbers are encoded plainly. Numbers that are not
   * standardized are, unless the choice says otherwise.
   */
  public static int bins(
      Setting<NumberEncoding> encoding, boolean standardize, long rows, int numericColumns) {
    boolean automatic = standardize && piecewise(numericColumns);
    NumberEncoding settled =
        encoding.orElse(automatic ? NumberEncoding.PIECEWISE_LINEAR : NumberEncoding.PLAIN);
    return settled == NumberEncoding.PIECEWISE_LINEAR ? bins(rows, numericColumns) : 0;
  }

  /** Whether numbers are encoded piecewise: up to 384 columns of them, where bins are not few. */
  static boolean piecewise(int numericColumns) {
    return numericColumns <= ALL_BINS / 2;
  }

  /**
   * Bins of each numeric column that is encoded piecewise: 16, but at most n / 16, nor more than
   * 768 of all columns; at least 2.
   */
  static int bins(long rows, int numericColumns) {
    long fit = Math.min(ALL_BINS / Math.max(1, numericColumns), rows / BINS);
    return (int) Math.max(2, Math.min(BINS, fit));
  }

  /** 15 %, or 10 % from 40,000 rows; none below 20 rows, of which too few would be left. */
  public static double validationFraction(long rows) {
    if (rows < 20) {
      return 0;
    }
    return rows >= LARGE_ROWS ? 0.10 : 0.15;
  }

  /** Whether to train again on all rows once the number of passes is chosen: up to 20,000 rows. */
  public static boolean refit(long rows) {
    return rows <= REFIT_ROWS;
  }

  /**
   * Networks that are averaged: 20,000 / n, from 1 to 8, so that all tables of up to 20,000 rows
   * take about as long. One if there are no hidden layers, for a mean of linear models is one too.
   */
  public static int ensembleSize(long rows, boolean linear) {
    return linear ? 1 : (int) Math.max(1, Math.min(MEMBERS, REFIT_ROWS / Math.max(1, rows)));
  }
}
