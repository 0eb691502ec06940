/** The command line, and the wiring of everything behind it. */
@NullMarked
package saddlefarm.cli;

import org.jspecify.annotations.NullMarked;
