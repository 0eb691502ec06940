package saddlefarm.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.w3c.dom.Element;
import saddlefarm.CommitDraft;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Snapshot;
import saddlefarm.analysis.Spectra;
import saddlefarm.experiment.RunSpec;

/** Figures as a reader of XML sees them. */
class FigureExportTest extends StoredRunsTest {

    // Of the figure: the plots lie between these, and steps go from left to right.
    private static final double LEFT = 64;
    private static final double RIGHT = 844;

    private final RunSpec run = TestRuns.specs(1).get(0);

    @Test
    void plateausAreShadedAndNamedAndTransitionsMarkedWhereTheyAre() throws Exception {
        // Plateau 0 from step 0 to 60, plateau 1 from step 100 on; the last step is 200.
        long epoch = stored.claim(run);
        stored.commit(new CommitDraft(run, epoch, 200)
                .rows(TestRuns.row(0), TestRuns.row(50), TestRuns.row(200))
                .plateaus(TestRuns.left(0, 0, run.architecture()))
                .transitions(TestRuns.transition(1, 0))
                .closing(null, TestRuns.open(1, 3, run.architecture())));
        Element figure = figure();
        List<Element> shades = all(figure, "rect").stream()
                .filter(shade -> shade.getAttribute("fill").equals("#e8eef7"))
                .toList();
        assertThat(shades).hasSize(4); // two in each plot
        assertThat(numbers(shades, "x")).containsExactly(x(0), x(100), x(0), x(100));
        assertThat(numbers(shades, "width")).containsExactly(0.3 * 780, 0.5 * 780, 0.3 * 780, 0.5 * 780);
        List<Element> marks = all(figure, "line").stream()
                .filter(line -> line.hasAttribute("stroke-dasharray"))
                .toList();
        assertThat(numbers(marks, "x1")).containsExactly(x(60), x(60));
        assertThat(numbers(marks, "x2")).containsExactly(x(60), x(60));
        assertThat(texts(figure)).contains("rank 0", "rank 3", "loss", "singular values, layer 1", "step");
        // one curve of the loss, and one of each of the two singular values of the hidden layer, over all rows
        assertThat(all(figure, "polyline"))
                .hasSize(3)
                .allSatisfy(curve ->
                        assertThat(curve.getAttribute("points").split(",", -1)).hasSize(6));
    }

    @Test
    void aNameIsTextWhateverIsInIt() throws Exception {
        String name = "<script>\"&amp;' ]]> & </svg>";
        RunSpec hostile = TestRuns.renamed(run, name);
        long epoch = stored.claim(hostile);
        stored.commit(new CommitDraft(hostile, epoch, 10).rows(TestRuns.row(0), TestRuns.row(5)));
        Element figure = figure();
        assertThat(all(figure, "title").get(0).getTextContent()).isEqualTo("Run %s of %s".formatted(run.id(), name));
        assertThat(texts(figure)).contains("%s, run %s, initialization.seed = 0".formatted(name, run.id()));
        assertThat(all(figure, "script")).isEmpty();
    }

    // What runs have that never left their first plateau, or that began where nothing moves.
    static final List<double[]> LEVEL_LOSSES = List.of(
            new double[] {10.625, 10.625, 10.625},
            new double[] {10.625, 10.625 - 2e-15, 10.625 - 4e-15},
            new double[] {1, 1 - 1e-13, 1 - 2e-13},
            new double[] {1e-12, 1e-12, 1e-12},
            new double[] {0, 0, 0});

    @ParameterizedTest
    @FieldSource("LEVEL_LOSSES")
    void aLossThatHardlyMovesIsALevelLine(double[] losses) throws Exception {
        long epoch = stored.claim(run);
        Snapshot[] rows = new Snapshot[losses.length];
        for (int n = 0; n < rows.length; n++) {
            rows[n] = new Snapshot(n, n, losses[n], 0, 0, 0, TestRuns.spectra(1));
        }
        stored.commit(new CommitDraft(run, epoch, 10).rows(rows));
        String[] points =
                all(figure(), "polyline").get(0).getAttribute("points").split(",", -1);
        assertThat(points).as("both ends of a line").hasSize(4);
        assertThat(points[3]).isEqualTo(points[1]);
    }

    @Test
    void singularValuesThatAreAllZeroAreDrawnToo() throws Exception {
        long epoch = stored.claim(run);
        var zero = new Spectra(new double[][] {{0, 0}, {0}});
        stored.commit(new CommitDraft(run, epoch, 10)
                .rows(new Snapshot(0, 0, 1, 0, 0, 0, zero), new Snapshot(5, 1, 0.5, 0, 0, 0, zero)));
        assertThat(all(figure(), "polyline")).hasSize(3);
    }

    @Test
    void aRunWithFewerThanTwoRowsHasNoFigure() throws IOException {
        stored.queue(run);
        assertThat(stored.bytes(new FigureExport())).isEmpty();
        long epoch = stored.claim(run);
        stored.commit(new CommitDraft(run, epoch, 10).rows(TestRuns.row(0)));
        assertThat(stored.bytes(new FigureExport())).isEmpty();
        stored.commit(new CommitDraft(run, epoch, 20).rows(TestRuns.row(1)));
        var figures = stored.bytes(new FigureExport());
        assertThat(figures).containsOnlyKeys(run.id() + ".svg");
        assertThat(stored.bytes(new FigureExport())).isEqualTo(figures);
    }

    private Element figure() throws Exception {
        byte[] svg = Objects.requireNonNull(stored.bytes(new FigureExport()).get(run.id() + ".svg"))
                .array();
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg)).getDocumentElement();
    }

    private static double x(double step) {
        return LEFT + step / 200 * (RIGHT - LEFT);
    }

    private static List<Element> all(Element in, String name) {
        var found = in.getElementsByTagName(name);
        var elements = new ArrayList<Element>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    private static List<String> texts(Element in) {
        return all(in, "text").stream().map(Element::getTextContent).toList();
    }

    private static DoubleStream numbers(List<Element> elements, String attribute) {
        return elements.stream().mapToDouble(element -> Double.parseDouble(element.getAttribute(attribute)));
    }
}
