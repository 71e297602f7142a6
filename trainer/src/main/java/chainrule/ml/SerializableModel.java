package chainrule.ml;

import chainrule.math.Matrix;
import chainrule.model.ModelFile;
import chainrule.train.TrainedModel;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;

/**
 * A trained model that tasks can receive: it is serialized as the bytes of its file. Threads may
 * share it.
 */
final class SerializableModel implements Serializable {
  private static final long serialVersionUID = 1;

  private final byte[] bytes;
  private transient TrainedModel model;
  private transient ThreadLocal<Scorer> scorers;

  SerializableModel(TrainedModel model) {
    this.bytes = ModelFile.toBytes(model);
    this.model = model;
    this.scorers = new ThreadLocal<>();
  }

  private void readObject(ObjectInputStream stream) throws IOException, ClassNotFoundException {
    stream.defaultReadObject();
    model = ModelFile.of(bytes);
    scorers = new ThreadLocal<>();
  }

  TrainedModel get() {
    return model;
  }

  /** Returns the outputs for one vector, 1 × O, valid until this thread's next call. */
  Matrix scoreOne(Vector vector, String kernels) {
    Scorer scorer = scorers.get();
    if (scorer == null) {
      scorer = new Scorer(model, kernels, 1);
      scorers.set(scorer);
    }
    return scorer.outputs(List.of(vector));
  }
}
