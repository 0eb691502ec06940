/** What leaves the farm: exports and figures. */
@NullMarked
package saddlefarm.report;

import org.jspecify.annotations.NullMarked;
