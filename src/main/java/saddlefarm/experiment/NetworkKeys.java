package saddlefarm.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;

/**
 * The section {@code network} as written, before it is fitted to the data.
 *
 * @param widths all of them; empty when they follow from depth and width
 * @param depth number of weight matrices
 * @param width of each hidden layer
 */
record NetworkKeys(List<Integer> widths, int depth, int width, Activation activation, boolean bias) {

    static final String WIDTHS = "network.widths";
    static final String DEPTH = "network.depth";
    static final String WIDTH = "network.width";

    private static final int LARGEST_DEPTH = 1000;
    private static final int LARGEST_WIDTH = 100_000;
    private static final int LARGEST_ENDS = 1_000_000;

    static NetworkKeys read(Values values) {
        Activation activation = values.one("network.activation", Scalar.oneOf(List.of("relu", "linear")))
                        .equals("relu")
                ? Activation.RELU
                : Activation.LINEAR;
        boolean bias = values.one("network.bias", Scalar.flag());
        if (values.has(WIDTHS)) {
            List<Integer> widths = values.list(WIDTHS, Scalar.whole(1, LARGEST_ENDS)).stream()
                    .map(Math::toIntExact)
                    .toList();
            if (widths.size() == 1 || widths.size() > LARGEST_DEPTH + 1) {
                values.broken(WIDTHS, "must have from 2 to %d items".formatted(LARGEST_DEPTH + 1));
            }
            return new NetworkKeys(widths, Math.max(1, widths.size() - 1), 0, activation, bias);
        }
        if (!values.has(DEPTH) && !values.has(WIDTH)) {
            values.missing("network is missing: give network.depth and network.width, or network.widths");
            return new NetworkKeys(List.of(), 1, 1, activation, bias);
        }
        int depth = values.integer(DEPTH, 1, LARGEST_DEPTH);
        // A network of one layer has no hidden width; when depth is swept it may still be given.
        int width = depth > 1 || values.has(WIDTH) ? values.integer(WIDTH, 1, LARGEST_WIDTH) : 1;
        return new NetworkKeys(List.of(), depth, width, activation, bias);
    }

    /** Whether all widths are given. */
    boolean hasWidths() {
        return !widths.isEmpty();
    }

    /** The network of exactly the widths given. */
    Architecture asWritten() {
        return new Architecture(widths, activation, bias);
    }

    /** The network for some data; a network that does not fit is noted. */
    Architecture fit(Values values, int inputs, int outputs) {
        if (hasWidths()) {
            String source = String.valueOf(values.read().get("data.source"));
            requireEnd(values, "begins", widths.get(0), source, inputs, "inputs");
            requireEnd(values, "ends", widths.get(widths.size() - 1), source, outputs, "outputs");
            return asWritten();
        }
        var fitted = new ArrayList<Integer>(depth + 1);
        fitted.add(inputs);
        fitted.addAll(Collections.nCopies(depth - 1, width));
        fitted.add(outputs);
        return new Architecture(fitted, activation, bias);
    }

    /** Notes a network whose parameters do not fit into one array. */
    static void requireFeasible(Values values, Architecture architecture) {
        long parameters = 0;
        for (int layer = 1; layer <= architecture.depth(); layer++) {
            long inputs = architecture.inputs(layer) + (architecture.bias() ? 1L : 0L);
            parameters += inputs * architecture.outputs(layer);
        }
        if (parameters > Integer.MAX_VALUE) {
            values.error(
                    values.has(WIDTHS) ? WIDTHS : WIDTH,
                    "network has %d parameters, more than the %d that fit".formatted(parameters, Integer.MAX_VALUE));
        }
    }

    private static void requireEnd(Values values, String verb, int given, String source, int needed, String what) {
        if (given != needed) {
            values.error(
                    WIDTHS,
                    "%s %s with %d but data.source = %s has %d %s"
                            .formatted(WIDTHS, verb, given, source, needed, what));
        }
    }
}
