package chainrule.optim;

final class MomentumTest extends OptimizerContract {
  MomentumTest() {
    super("momentum");
  }

  @Override
  double learningRate(Problem problem) {
    return switch (problem) {
      case BOWL -> 0.05;
      case ILL_CONDITIONED -> 0.01;
      case ROSENBROCK -> 0.0005;
    };
  }
}
