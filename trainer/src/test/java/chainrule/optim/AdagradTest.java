package chainrule.optim;

final class AdagradTest extends OptimizerContract {
  AdagradTest() {
    super("adagrad");
  }

  @Override
  double learningRate(Problem problem) {
    return switch (problem) {
      case BOWL -> 1;
      case ILL_CONDITIONED -> 1;
      case ROSENBROCK -> 1;
    };
  }
}
