package chainrule.optim;

/**
 * The same learning rate at every step.
 *
 * <p>Units, threads and errors: as {@link Schedule} says.
 *
 * @param rate the learning rate
 */
public record Constant(double rate) implements Schedule {
  public Constant {
    Rules.requireLearningRate(rate);
  }

  @Override
  public String key() {
    return "constant";
  }

  @Override
  public double learningRate(long step) {
    Rules.requireStep(step);
    return rate;
  }
}
