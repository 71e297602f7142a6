/**
 * Estimators and models for Spark ML: {@link chainrule.ml.ChainruleClassifier}, which replaces
 * {@code MultilayerPerceptronClassifier}, {@link chainrule.ml.ChainruleRegressor} and {@link
 * chainrule.ml.ChainruleMultiLabelClassifier}. They train with {@link chainrule.train} on the
 * engines of {@link chainrule.spark}, and give the same bits as the jobs.
 *
 * <p>Params are described in {@link chainrule.params}. {@code ChainruleParamAccessors}, {@code
 * ChainruleParams} and {@code ChainruleSetters} are generated from there by {@code
 * GeneratedParamsTest}.
 */
package chainrule.ml;
