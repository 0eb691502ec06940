/** Exports and figures, made from the store alone. */
@NullMarked
package saddlefarm.report;

import org.jspecify.annotations.NullMarked;
