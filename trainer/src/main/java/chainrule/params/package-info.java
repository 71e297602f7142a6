/**
 * The description of every hyperparameter: names, type, range, default and meaning.
 *
 * <p>Lives here: {@link chainrule.params.Hyperparameters}, the only place where a hyperparameter is
 * described. Spark ML's params, their getters and setters, the table in the guide and {@code
 * chainrule/params.json} are made from it; the configuration's defaults are compared with it.
 *
 * <p>May not: know Spark ML or the configuration's format, or read a value that a user gave.
 */
package chainrule.params;
