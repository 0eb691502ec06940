/** Tasks: inputs and targets, bundled, drawn from a seed, or parsed from text and IDX streams. */
@NullMarked
package saddlefarm.data;

import org.jspecify.annotations.NullMarked;
