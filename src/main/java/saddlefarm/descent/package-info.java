/** How parameters move: one step of descent at a time. One of gradient descent allocates nothing. */
@NullMarked
package saddlefarm.descent;

import org.jspecify.annotations.NullMarked;
