/**
 * The search over settings of the command tune.
 *
 * <p>Lives here: the space, grid and random draws, trials and their ranking, and the unfinished
 * search of an earlier run.
 *
 * <p>May not: train models, which SearchRun does.
 */
package chainrule.jobs.tune;
