/**
 * What a sweep says beyond its single runs: times with runs that never got there, intervals over seeds, fitted lines.
 */
@NullMarked
package saddlefarm.statistics;

import org.jspecify.annotations.NullMarked;
