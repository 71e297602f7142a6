package chainrule.train.settings;

/** Which pass's weights are kept. */
public enum Selection {
  /** Those with the least smoothed validation loss; the last, if nothing is held out. */
  AUTO,
  /** Those of the last pass. */
  LAST
}
