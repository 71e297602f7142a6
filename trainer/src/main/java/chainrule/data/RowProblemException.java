package chainrule.data;

/** Thrown in a task by a row that cannot be used; the driver then looks for the row's place. */
public final class RowProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final RowProblem problem;

  public RowProblemException(RowProblem problem) {
    this(problem, null);
  }

  public RowProblemException(RowProblem problem, Throwable cause) {
    super(problem.toString(), cause);
    this.problem = problem;
  }

  public RowProblem problem() {
    return problem;
  }
}
