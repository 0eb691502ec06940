package saddlefarm.theory;

/**
 * When a mode of a linear network of two layers is half learned.
 *
 * @param mode j, from 1
 * @param strength s_j, where it ends
 * @param time flow time at which it is s_j/2
 */
public record HalfTime(int mode, double strength, double time) {

    /** What the mode still adds to the loss then, {@code s_j²/8}. */
    public double excess() {
        return strength * strength / 8;
    }
}
