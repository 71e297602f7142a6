package chainrule.train.history;

/**
 * The record of a step. Immutable.
 *
 * @param step from 0
 * @param loss mean over the step's rows, at the weights before the step
 * @param learningRate of the step
 * @param rows of the step's mini-batch
 * @param computeSeconds time in which the slowest worker computed
 * @param exchangeSeconds time of the step beyond that: moving, merging, waiting
 */
public record StepRecord(
    long step,
    double loss,
    double learningRate,
    long rows,
    double computeSeconds,
    double exchangeSeconds) {}
