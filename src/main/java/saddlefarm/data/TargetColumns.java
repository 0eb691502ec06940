package saddlefarm.data;

import java.util.List;

/** Which columns of a table are targets; the others are inputs. */
public sealed interface TargetColumns {

    /** The last {@code count} columns. */
    record Last(int count) implements TargetColumns {}

    /** Columns by number, from 1. */
    record Numbers(List<Integer> fromOne) implements TargetColumns {}

    /** Columns by their header. */
    record Names(List<String> headers) implements TargetColumns {}
}
