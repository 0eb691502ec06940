/** The farm's memory in SQL: runs, checkpoints, snapshots, findings. */
@NullMarked
package saddlefarm.store;

import org.jspecify.annotations.NullMarked;
