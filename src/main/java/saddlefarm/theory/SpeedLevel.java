package saddlefarm.theory;

/**
 * A speed at which some restarts ended.
 *
 * @param speed the greatest of theirs
 * @param restarts how many ended within {@link EscapeFindings#AGREEMENT} of it
 */
public record SpeedLevel(double speed, int restarts) {}
