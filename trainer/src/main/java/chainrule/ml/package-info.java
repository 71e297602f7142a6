/**
 * Estimators and models for Spark ML: {@link chainrule.ml.ChainruleClassifier} and {@link
 * chainrule.ml.ChainruleRegressor} in place of {@code MultilayerPerceptronClassifier}. They train
 * by {@link chainrule.train} on the engines of {@link chainrule.spark}, to the same bits as those.
 */
package chainrule.ml;
