/**
 * The search over settings of the command tune.
 *
 * <p>Lives here: the space, grid and random draws, trials and their ranking, and the search that an
 * earlier run left unfinished.
 *
 * <p>May not: train: TuneJob does.
 */
package chainrule.jobs.tune;
