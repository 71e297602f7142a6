/**
 * Trained models in the format of ONNX, for runtimes that know nothing of Chainrule.
 *
 * <p>Lives here: the graph that an encoder, a network and the function of its loss come to. A layer
 * or an activation is a method or a case; what has none is refused by name.
 *
 * <p>May not: know Spark, or read files. Needs Protocol Buffers and the classes generated from
 * ONNX's description, {@code org.tribuo:tribuo-util-onnx}, which only who exports must have.
 */
package chainrule.onnx;
