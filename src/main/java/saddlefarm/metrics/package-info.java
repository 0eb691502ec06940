/** The farm's state as Prometheus series. */
@NullMarked
package saddlefarm.metrics;

import org.jspecify.annotations.NullMarked;
