package chainrule.math;

/**
 * The matrix products of the chain rule, which is where training spends its time.
 *
 * <p>Shapes use B rows, I inputs, O outputs; all matrices are row-major. The output never overlaps
 * an input.
 *
 * <p>Bits: a call with the same shapes and values gives the same bits, whatever the thread. An
 * implementation may be shared by threads.
 *
 * <p>Errors: {@link IllegalArgumentException} if shapes disagree, before anything is written.
 */
public interface Kernels {
  /** Returns the name by which configuration and logs know this implementation. */
  String name();

  /**
   * Z = X · W + b.
   *
   * @param x B × I
   * @param w I × O
   * @param b O values, added to every row
   * @param z B × O, overwritten
   */
  void affine(Matrix x, Matrix w, Slice b, Matrix z);

  /**
   * dW = dW + Xᵀ · dZ.
   *
   * @param x B × I
   * @param dz B × O
   * @param dw I × O, added to
   */
  void addTransposedProduct(Matrix x, Matrix dz, Matrix dw);

  /**
   * dX = dZ · Wᵀ.
   *
   * @param dz B × O
   * @param w I × O
   * @param dx B × I, overwritten
   */
  void productWithTransposed(Matrix dz, Matrix w, Matrix dx);

  /**
   * db = db + Σ dZ over the rows.
   *
   * @param dz B × O
   * @param db O values, added to
   */
  void addColumnSums(Matrix dz, Slice db);
}
