/** Feed-forward networks: architecture, initialization, parameters, loss, gradient, Hessian-vector product. */
@NullMarked
package saddlefarm.network;

import org.jspecify.annotations.NullMarked;
