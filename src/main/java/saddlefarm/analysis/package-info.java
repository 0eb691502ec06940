/** Spectra, rank, plateaus and curvature: what is found in a stream of steps and snapshots. */
@NullMarked
package saddlefarm.analysis;

import org.jspecify.annotations.NullMarked;
