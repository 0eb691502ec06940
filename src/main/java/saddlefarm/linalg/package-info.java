/** Dense double matrices, the kernels over them, singular values and Krylov methods. */
@NullMarked
package saddlefarm.linalg;

import org.jspecify.annotations.NullMarked;
