package chainrule.optim;

final class NesterovTest extends OptimizerContract {
  NesterovTest() {
    super("nesterov");
  }

  @Override
  double learningRate(Problem problem) {
    return switch (problem) {
      case BOWL -> 0.05;
      case ILL_CONDITIONED -> 0.005;
      case ROSENBROCK -> 0.0005;
    };
  }
}
