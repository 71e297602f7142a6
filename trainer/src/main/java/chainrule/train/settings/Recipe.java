package chainrule.train.settings;

import chainrule.data.NumberEncoding;

/**
 * The default settings. Most are functions of the number of rows only, found by experiments on some
 * thirty tables of 80 to 43,000 rows.
 *
 * <p>Throughout, n is the number of rows of the training table, validation rows included.
 */
public final class Recipe {
  /** Learning rate of the first step; the cosine schedule decays it to 0. */
  public static final double LEARNING_RATE = 0.002;

  /** Decoupled weight decay of AdamW. */
  public static final double WEIGHT_DECAY = 0.3;

  /** Label smoothing of classifications. */
  public static final double LABEL_SMOOTHING = 0.1;

  /** Number of values in the embedding of a category. */
  public static final int EMBEDDING_SIZE = 16;

  /** Maximum number of bins of a numeric column. */
  private static final int BINS = 16;

  /** Maximum number of bins of all numeric columns together. */
  private static final int ALL_BINS = 768;

  /** Number of epochs in the centred mean that smooths the validation loss before selection. */
  public static final int SMOOTHED_EPOCHS = 9;

  /** Maximum number of networks in an ensemble. */
  private static final int MEMBERS = 8;

  /** Up to this many rows, a training ends with a refit on all rows. */
  static final long REFIT_ROWS = 20_000;

  private static final long LARGE_ROWS = 40_000;
  private static final long HUGE_ROWS = 100_000;

  /** Maximum number of iterations of L-BFGS, as in MLlib. */
  public static final int FULL_BATCH_EPOCHS = 100;

  /** Maximum default number of shards of a full batch: tables are shuffled into so many buckets. */
  public static final int FULL_BATCH_SHARDS = 16;

  private Recipe() {}

  /** Returns the batch size: 2^round(log2(n / 24)), from 32 to 256; 1,024 from 100,000 rows. */
  public static int batchSize(long rows) {
    if (rows >= HUGE_ROWS) {
      return 1024;
    }
    double exponent = StrictMath.log(Math.max(1, rows) / 24.0) / StrictMath.log(2);
    return 1 << (int) Math.max(5, Math.min(8, Math.round(exponent)));
  }

  /** Returns the number of epochs: round(10⁶ / n), from 30 to 100. */
  public static int epochs(long rows) {
    return (int) Math.max(30, Math.min(100, Math.round(1e6 / Math.max(1, rows))));
  }

  /** Returns the dropout rate: 0.15 · min(1, 5000 / n). */
  public static double dropout(long rows) {
    return 0.15 * Math.min(1, 5000.0 / Math.max(1, rows));
  }

  /**
   * Returns the number of bins of each numeric column; 0: plain encoding. With {@code auto},
   * numbers that are not standardized have the plain encoding.
   */
  public static int bins(
      Setting<NumberEncoding> encoding, boolean standardize, long rows, int numericColumns) {
    boolean automatic = standardize && piecewise(numericColumns);
    NumberEncoding settled =
        encoding.orElse(automatic ? NumberEncoding.PIECEWISE_LINEAR : NumberEncoding.PLAIN);
    return settled == NumberEncoding.PIECEWISE_LINEAR ? bins(rows, numericColumns) : 0;
  }

  /**
   * Returns whether {@code auto} encodes numbers piecewise: up to 384 columns, so 2 bins or more.
   */
  static boolean piecewise(int numericColumns) {
    return numericColumns <= ALL_BINS / 2;
  }

  /**
   * Returns the number of bins of each numeric column with piecewise encoding: 16, but at most n /
   * 16, and at most 768 in all columns together; at least 2.
   */
  static int bins(long rows, int numericColumns) {
    long fit = Math.min(ALL_BINS / Math.max(1, numericColumns), rows / BINS);
    return (int) Math.max(2, Math.min(BINS, fit));
  }

  /** Returns the validation fraction: 15 %, 10 % from 40,000 rows, 0 below 20 rows. */
  public static double validationFraction(long rows) {
    if (rows < 20) {
      return 0;
    }
    return rows >= LARGE_ROWS ? 0.10 : 0.15;
  }

  /** Returns whether to refit on all rows after the epoch is selected: up to 20,000 rows. */
  public static boolean refit(long rows) {
    return rows <= REFIT_ROWS;
  }

  /**
   * Returns the number of networks in the ensemble: 20,000 / n, from 1 to 8, so that all tables of
   * up to 20,000 rows take about as long. 1 without hidden layers, because a mean of linear models
   * is a linear model.
   */
  public static int ensembleSize(long rows, boolean linear) {
    return linear ? 1 : (int) Math.max(1, Math.min(MEMBERS, REFIT_ROWS / Math.max(1, rows)));
  }
}
