package chainrule.model;

import chainrule.data.RawRow;
import chainrule.math.Kernels;
import chainrule.math.Matrix;
import chainrule.nn.Backpropagation;
import chainrule.train.TrainedModel;

/** Puts rows through a network, a block at a time. Not for sharing. */
public final class BlockScorer {
  private final TrainedModel model;
  private final float[] parameters;
  private final Backpropagation network;
  private final Matrix inputs;
  private final float[] cells;

  /**
   * @param capacity rows of the largest block
   */
  public BlockScorer(TrainedModel model, Kernels kernels, int capacity) {
    this.model = model;
    this.parameters = model.parameters();
    this.network = new Backpropagation(model.network(), model.loss(), kernels, capacity);
    this.inputs = Matrix.zeros(capacity, model.network().inputs());
    this.cells = new float[model.encoder().layout().cells()];
  }

  /** Makes a row the block's row {@code index}. */
  public void put(int index, RawRow row) {
    model.encoder().encode(row, cells, 0);
    model
        .encoder()
        .layout()
        .expand(cells, 0, inputs.array(), inputs.offset() + index * inputs.columns());
  }

  /** Returns the network's outputs for the block's first rows, valid until the next call. */
  public Matrix outputs(int rows) {
    return network.outputs(parameters, inputs.firstRows(rows));
  }
}
