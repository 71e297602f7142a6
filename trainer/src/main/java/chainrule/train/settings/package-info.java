/**
 * The settings of a training, and their defaults.
 *
 * <p>Lives here: immutable settings that check themselves, and {@link
 * chainrule.train.settings.Recipe}, which replaces each {@code auto} by a function of the number of
 * rows.
 *
 * <p>May not: read data; know the cluster, the engine or the command line.
 */
package chainrule.train.settings;
