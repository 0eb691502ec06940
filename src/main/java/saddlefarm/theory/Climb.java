package saddlefarm.theory;

import java.util.Optional;

/**
 * One ascent to an escape direction, step by step, so that whoever climbs may do something else in between. One thread
 * at a time.
 */
public final class Climb {

    /**
     * How far steps go and how many there are.
     *
     * @param firstRate how far a step goes at first, as a part of ‖θ‖
     * @param held for what part of a round, in [0, 1), steps stay as long before they become shorter
     * @param lastRate and at last: directions on kinks are found to about this distance
     * @param steps of the first round; each one after it has twice as many
     * @param rounds at most; another one is needed where the residual is above {@link EscapeSearch#STATIONARY}
     * @param enough a residual of the point itself at which nothing is gained by going on
     */
    public record Schedule(double firstRate, double held, double lastRate, int steps, int rounds, double enough) {}

    private final Ascent ascent;
    private final Schedule schedule;
    private int rounds;
    private int roundSteps;
    private int step;
    private int heldSteps;
    private int meanFrom;
    private double rate;
    private double factor;

    Climb(Ascent ascent, Schedule schedule) {
        this.ascent = ascent;
        this.schedule = schedule;
        roundSteps = schedule.steps;
        beginRound();
    }

    /** Whether it has arrived, or has done all it may. */
    public boolean done() {
        return ascent.dead() || ascent.pointResidual() <= schedule.enough || (step == roundSteps && !anotherRound());
    }

    /** One step of those that are left. */
    public void step() {
        if (step == roundSteps) {
            roundSteps *= 2;
            beginRound();
        }
        if (step == meanFrom) {
            ascent.beginMean(roundSteps - meanFrom);
        }
        ascent.step(rate);
        if (step >= heldSteps) {
            rate *= factor;
        }
        step++;
    }

    /** Where it is; empty if it did not get off the ground, as a network of ReLU whose units are all closed. */
    public Optional<EscapeDirection> direction() {
        return ascent.speed() > 0 ? Optional.of(ascent.direction()) : Optional.empty();
    }

    private boolean anotherRound() {
        return rounds < schedule.rounds && ascent.residual() > EscapeSearch.STATIONARY;
    }

    /** With a rate that falls geometrically, because on a kink a fixed one goes to and fro for ever. */
    private void beginRound() {
        rounds++;
        step = 0;
        rate = schedule.firstRate;
        heldSteps = (int) (schedule.held * roundSteps);
        int falling = roundSteps - heldSteps;
        factor = StrictMath.pow(schedule.lastRate / schedule.firstRate, 1.0 / falling);
        // The residual's mean begins where the way that is still to go lies within the radius.
        meanFrom = heldSteps
                + (int) (falling
                        * StrictMath.log(EscapeSearch.RADIUS / schedule.firstRate)
                        / StrictMath.log(schedule.lastRate / schedule.firstRate));
    }
}
