package saddlefarm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.jspecify.annotations.NullMarked;
import saddlefarm.data.Task;
import saddlefarm.network.Activation;
import saddlefarm.network.Architecture;
import saddlefarm.network.Parameters;

/**
 * A trajectory that NumPy computed, with everything needed to compute it again; see {@code reference/README.md} in the
 * test resources. There a sample is a column, here a row.
 */
@NullMarked
public final class Reference {

    /** The names of all cases. */
    public static final List<String> NAMES = List.of("lin_L2", "lin_L2_saxe", "relu_L4");

    private final String name;
    private final JsonNode description;

    private Reference(String name) {
        this.name = name;
        try (var stream = open(".json")) {
            description = new ObjectMapper().readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Reference of(String name) {
        return new Reference(name);
    }

    public Architecture architecture() {
        var widths = new ArrayList<Integer>();
        description.get("widths").forEach(width -> widths.add(width.asInt()));
        boolean relu = description.get("activation").asText().equals("relu");
        return new Architecture(widths, relu ? Activation.RELU : Activation.LINEAR, false);
    }

    public Task task() {
        return new Task(transposed("_X.txt"), transposed("_T.txt"));
    }

    public double learningRate() {
        return description.get("eta").asDouble();
    }

    public long steps() {
        return description.get("steps").asLong();
    }

    /** A scalar at the start, such as {@code grad_norm}. */
    public double initial(String scalar) {
        return description.get("initial").get(scalar).asDouble();
    }

    public Parameters initialWeights() {
        return weights("init");
    }

    public Parameters finalWeights() {
        return weights("final");
    }

    /** The rows of the trajectory, each a map from column to value. */
    public List<Map<String, Double>> trajectory() {
        List<String> lines = lines("_traj.csv");
        List<String> columns = List.of(lines.get(0).split(",", -1));
        var rows = new ArrayList<Map<String, Double>>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = List.of(line.split(",", -1));
            Map<String, Double> row = new HashMap<>();
            for (int i = 0; i < cells.size(); i++) {
                row.put(columns.get(i), Double.valueOf(cells.get(i)));
            }
            rows.add(row);
        }
        return rows;
    }

    private Parameters weights(String when) {
        var parameters = new Parameters(architecture());
        for (int layer = 1; layer <= architecture().depth(); layer++) {
            parameters.weights(layer).setTo(matrix("_W%d_%s.txt".formatted(layer, when)));
        }
        return parameters;
    }

    private DMatrixRMaj transposed(String suffix) {
        return CommonOps_DDRM.transpose(matrix(suffix), null);
    }

    private DMatrixRMaj matrix(String suffix) {
        List<String> lines = lines(suffix);
        double[][] rows = new double[lines.size()][];
        for (int i = 0; i < rows.length; i++) {
            List<String> cells = List.of(lines.get(i).trim().split("\\s+", -1));
            rows[i] = cells.stream().mapToDouble(Double::parseDouble).toArray();
        }
        return new DMatrixRMaj(rows);
    }

    private List<String> lines(String suffix) {
        try (var reader = new BufferedReader(new InputStreamReader(open(suffix), UTF_8))) {
            return reader.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InputStream open(String suffix) {
        String path = "/reference/" + name + suffix;
        InputStream stream = Reference.class.getResourceAsStream(path);
        if (stream == null) {
            throw new IllegalArgumentException("no resource " + path);
        }
        return stream;
    }
}
