package saddlefarm.run;

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
        @Nullable Escape escape) {}
