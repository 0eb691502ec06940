/** What the user asks for: an experiment file read, checked, and swept into run specifications. */
@NullMarked
package saddlefarm.experiment;

import org.jspecify.annotations.NullMarked;
