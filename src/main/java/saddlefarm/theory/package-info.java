/** What the literature predicts: escape directions and speeds, escape times, loss ladders, closed forms. */
@NullMarked
package saddlefarm.theory;

import org.jspecify.annotations.NullMarked;
