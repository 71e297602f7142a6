package chainrule.nn;

/**
 * A case for each kind of layer, so that whatever draws, writes or exports layers does not compile
 * until it knows a new one.
 *
 * @param <R> what a case returns
 */
public interface LayerVisitor<R> {
  R dense(Dense layer);

  R dropout(Dropout layer);

  R embedding(Embedding layer);

  R layerNorm(LayerNorm layer);

  R residual(Residual layer);
}
