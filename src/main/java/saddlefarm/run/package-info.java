/** The shared vocabulary of one run, and the ports that the store and the metrics implement. */
@NullMarked
package saddlefarm.run;

import org.jspecify.annotations.NullMarked;
