package chainrule.train.settings;

/** Which epoch's weights are kept. */
public enum Selection {
  /**
   * The weights with the least smoothed validation loss; the last if there are no validation rows.
   */
  AUTO,
  /** The weights of the last epoch. */
  LAST
}
