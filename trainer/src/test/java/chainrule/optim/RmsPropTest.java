package chainrule.optim;

final class RmsPropTest extends OptimizerContract {
  RmsPropTest() {
    super("rmsprop");
  }

  @Override
  double learningRate(Problem problem) {
    return switch (problem) {
      case BOWL -> 0.02;
      case ILL_CONDITIONED -> 0.02;
      case ROSENBROCK -> 0.01;
    };
  }
}
