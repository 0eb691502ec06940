package saddlefarm.run;

/**
 * How far a run is.
 *
 * @param step steps taken
 * @param flowTime t
 * @param loss C
 * @param rank of the run
 * @param plateaus rows in its table of plateaus
 */
public record Progress(long step, double flowTime, double loss, int rank, int plateaus) {}
