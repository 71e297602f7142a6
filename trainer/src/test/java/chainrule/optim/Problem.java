package chainrule.optim;

/** What every optimizer has to make small: the table that {@link OptimizerContract} runs. */
enum Problem {
  /** A sum of squares, as benign as a problem can be. */
  BOWL(1000, 1e-6) {
    @Override
    float[] start() {
      return new float[] {1f, -2f, 0.5f, 3f};
    }

    @Override
    double loss(float[] x) {
      double sum = 0;
      for (float value : x) {
        sum += 0.5 * value * value;
      }
      return sum;
    }

    @Override
    void gradient(float[] x, float[] gradient) {
      for (int i = 0; i < x.length; i++) {
        gradient[i] = x[i];
      }
    }
  },

  /** Curvatures of 1, 10 and 100: a rate small enough for the last is slow along the first. */
  ILL_CONDITIONED(2000, 1e-6) {
    @Override
    float[] start() {
      return new float[] {1f, 1f, -1f};
    }

    @Override
    double loss(float[] x) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        sum += 0.5 * curvature(i) * x[i] * x[i];
      }
      return sum;
    }

    @Override
    void gradient(float[] x, float[] gradient) {
      for (int i = 0; i < x.length; i++) {
        gradient[i] = curvature(i) * x[i];
      }
    }

    private float curvature(int i) {
      return i == 0 ? 1f : i == 1 ? 10f : 100f;
    }
  },

  /** Rosenbrock's bent valley, from its customary start; the minimum of 0 is at (1, 1). */
  ROSENBROCK(20_000, 1e-6) {
    @Override
    float[] start() {
      return new float[] {-1.2f, 1f};
    }

    @Override
    double loss(float[] x) {
      double across = x[1] - (double) x[0] * x[0];
      double along = 1 - (double) x[0];
      return 100 * across * across + along * along;
    }

    @Override
    void gradient(float[] x, float[] gradient) {
      double across = x[1] - (double) x[0] * x[0];
      gradient[0] = (float) (-400 * x[0] * across - 2 * (1 - (double) x[0]));
      gradient[1] = (float) (200 * across);
    }
  };

  private final int steps;
  private final double level;

  Problem(int steps, double level) {
    this.steps = steps;
    this.level = level;
  }

  abstract float[] start();

  abstract double loss(float[] x);

  abstract void gradient(float[] x, float[] gradient);

  /** In how many steps the loss must come below the level. */
  int steps() {
    return steps;
  }

  double level() {
    return level;
  }
}
