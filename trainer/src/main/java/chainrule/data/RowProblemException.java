package chainrule.data;

import chainrule.spark.read.TableReader;

/** Thrown in a task by a row that cannot be used; {@link TableReader#explain} tells where it is. */
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
