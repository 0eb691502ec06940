/** How parameters move: one step of descent at a time, without allocation. */
@NullMarked
package saddlefarm.descent;

import org.jspecify.annotations.NullMarked;
