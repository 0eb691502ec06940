/** The actors: they supervise, schedule and pass on, and compute nothing themselves. */
@NullMarked
package saddlefarm.farm;

import org.jspecify.annotations.NullMarked;
