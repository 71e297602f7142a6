package chainrule.bench;

import java.io.Serializable;

/**
 * What a run of the benchmarks was asked for. Immutable.
 *
 * @param quick whether to try everything in little time rather than to measure well
 * @param peers whether PyTorch and MLlib run beside Chainrule
 * @param python the interpreter that has PyTorch; empty if there is none
 * @param peerScripts the folder of PyTorch's scripts
 * @param data a folder with train.csv and test.csv for the accuracy; empty if there is none
 * @param scratch a folder for what is written meanwhile
 */
record Options(
    boolean quick, boolean peers, String python, String peerScripts, String data, String scratch)
    implements Serializable {
  int rounds() {
    return quick ? 1 : 3;
  }

  /** Returns how long one measurement lasts. */
  double seconds() {
    return quick ? 0.5 : 3;
  }

  boolean hasPyTorch() {
    return peers && !python.isEmpty();
  }
}
