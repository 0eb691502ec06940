/** What readers make of inputs that are broken: seeded mutations, thousands of them. */
@NullMarked
package saddlefarm.fuzz;

import org.jspecify.annotations.NullMarked;
