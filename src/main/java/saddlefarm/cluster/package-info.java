/** Where actors live when a farm has many nodes: runs spread over them, one head, and what nodes tell each other. */
@NullMarked
package saddlefarm.cluster;

import org.jspecify.annotations.NullMarked;
