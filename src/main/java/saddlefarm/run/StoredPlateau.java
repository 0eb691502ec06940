package saddlefarm.run;

import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Spectra;

/** A stored plateau with the leading singular values at its deepest snapshot. */
public record StoredPlateau(Plateau plateau, Spectra spectra) {}
