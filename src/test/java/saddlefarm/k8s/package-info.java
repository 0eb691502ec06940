/**
 * Tests of all that is in the folder k8s. No cluster is needed: the objects are rendered, read strictly, and compared.
 */
@NullMarked
package saddlefarm.k8s;

import org.jspecify.annotations.NullMarked;
