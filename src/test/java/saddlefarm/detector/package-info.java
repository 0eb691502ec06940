/** The bench of the plateau detector: labelled runs, and how many of their plateaus it finds. */
@NullMarked
package saddlefarm.detector;

import org.jspecify.annotations.NullMarked;
