package saddlefarm.run;

import java.util.List;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Saddle;
import saddlefarm.analysis.Spectra;

/**
 * A stored plateau.
 *
 * @param spectra the leading singular values at its deepest snapshot
 * @param saddle the anatomy of the point; null where it was stored before anybody looked
 * @param escape how it was left; null where it is open, or was stored before anybody measured
 */
public record StoredPlateau(
        Plateau plateau,
        Spectra spectra,
        @Nullable Saddle saddle,
        @Nullable Escape escape) implements StoredFinding.Found {

    @Override
    public int place() {
        return 2 * plateau.number();
    }

    /** That of these plateaus on which the run began; null where it left it and that was not confirmed. */
    public static @Nullable StoredPlateau origin(List<StoredPlateau> plateaus) {
        return plateaus.stream()
                .filter(stored -> stored.plateau().isOrigin())
                .findFirst()
                .orElse(null);
    }

    /** How a run with these plateaus left the origin; null where that was not confirmed, or not measured. */
    public static @Nullable Escape escapeFromOrigin(List<StoredPlateau> plateaus) {
        StoredPlateau origin = origin(plateaus);
        return origin == null ? null : origin.escape;
    }
}
