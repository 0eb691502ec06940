package saddlefarm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import saddlefarm.CommitDraft;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Snapshot;
import saddlefarm.analysis.Spectra;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunStatus;
import saddlefarm.theory.AlignedMode;
import saddlefarm.theory.HalfTime;
import saddlefarm.theory.Ladder;
import saddlefarm.theory.NearestEscape;
import saddlefarm.theory.OptimalEscape;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Theory;

/** The page as a reader of XML sees it, its links, and the files of its figures. */
class ReportTest extends StoredRunsTest {

    private final RunSpec run = TestRuns.specs(1).get(0);

    @Test
    void aRunHasItsFiguresOverThreeTimesAndItsTables() throws Exception {
        ladder(run);
        Page page = write();
        assertThat(page.texts("h1")).containsExactly("made-up");
        assertThat(page.ofClass("details", "run")).singleElement().satisfies(section -> {
            assertThat(section.getAttribute("id")).isEqualTo("run-" + run.id());
            assertThat(section.hasAttribute("open")).as("it is the only one").isTrue();
        });
        // the loss, the singular values and their ratios, each over step, time and logarithmic time; and the escapes
        assertThat(page.all("figure")).hasSize(4);
        assertThat(page.all("svg")).hasSize(10);
        for (TimeAxis time : TimeAxis.values()) {
            assertThat(page.ofClass("div", "by-" + time.key())).hasSize(3);
        }
        List<List<List<String>>> tables =
                page.ofClass("table", "saddles").stream().map(Page::rows).toList();
        assertThat(tables).hasSize(3);
        assertThat(tables.get(0).get(1))
                .containsExactly(
                        "0",
                        "0",
                        "saddle",
                        "1.0000",
                        "1.000e-07",
                        "0 – 60",
                        "0 – 0.3333",
                        "30",
                        "-0.1000",
                        "0.7000",
                        "0 1");
        assertThat(tables.get(0).get(2).get(5))
                .as("the steps of an open plateau")
                .isEqualTo("from 100");
        assertThat(tables.get(1).get(2)).containsExactly("1", "2 or more", "1", "2", "0.100", "0.250", "1");
        assertThat(tables.get(2).get(1))
                .containsExactly("0", "50", "0.3000", "0.9800", "0.7000", "", "", "∞ 3.00", "0.250 0.750");
        assertThat(page.texts("li")).first().asString().startsWith("not worked out yet");
        assertThat(page.texts("dt")).contains("descent.learning-rate", "initialization.seed");
    }

    @Test
    void whatIsDrawnIsWhatTheCsvSays() throws Exception {
        ladder(run);
        Map<String, String> files = write().downloads();
        String csv = file(files, "loss.step.csv");
        double[] steps = Page.column(csv, "step");
        double[] losses = Page.column(csv, "loss");
        assertThat(steps).containsExactly(0, 40, 70, 110, 160, 200);
        // The plot is from 58 to 468 and from 258 up to 24; the loss is logarithmic, with 1.3 times as much at its
        // ends.
        double[] points = Page.curves(file(files, "loss.step.svg"), Ink.CURVE).get(0);
        double decades = Math.log(losses[0] * 1.3) - Math.log(losses[5] / 1.3);
        assertThat(points).hasSize(12);
        for (int i = 0; i < steps.length; i++) {
            assertThat(points[2 * i]).isEqualTo(58 + steps[i] / 200 * 410, within(0.051)); // to a tenth
            double height = (Math.log(losses[i]) - Math.log(losses[5] / 1.3)) / decades;
            assertThat(points[2 * i + 1]).isEqualTo(258 - height * 234, within(0.051));
        }
        double[] times = Page.column(csv, "flow_time");
        points = Page.curves(file(files, "loss.log-time.svg"), Ink.CURVE).get(0);
        double span = Math.log(times[5] / times[1]);
        assertThat(points[4]).isEqualTo(58 + 410 * Math.log(times[2] / times[1]) / span, within(0.051));
        assertThat(points[0]).as("time 0 is at the left end").isEqualTo(58);

        double[] plateaus = Page.column(csv, "plateau");
        assertThat(plateaus).containsExactly(0, 0, Double.NaN, 1, 1, 1);
        String values = file(files, "singular-values.time.csv");
        assertThat(values.lines().findFirst()).contains("step,flow_time,layer1_sigma1,layer1_sigma2,layer2_sigma1");
        assertThat(Page.column(values, "layer1_sigma2"))
                .containsExactly(sigma(2, 0), sigma(2, 40), sigma(2, 70), sigma(2, 110), sigma(2, 160), sigma(2, 200));
        String ratios = file(files, "ratios.step.csv");
        assertThat(Page.column(ratios, "layer1_ratio")[2]).isEqualTo(sigma(1, 70) / sigma(2, 70));
        assertThat(Page.column(file(files, "escape-ratios.csv"), "escape0_ratio"))
                .containsExactly(Double.NaN, 3);
    }

    /** One mode of two layers, whose closed form stands in {@link AlignedMode}; it begins at 0.01 and ends at 1.5. */
    @Test
    void theoryIsDrawnOverTheLoss() throws Exception {
        ladder(run);
        var mode = new AlignedMode(2, 1.5, 0.01);
        stored.store().putTheory(run, theory(true, mode));
        Page page = write();
        String csv = file(page.downloads(), "loss.step.csv");
        double[] times = Page.column(csv, "flow_time");
        double[] curve = Page.column(csv, "loss_of_modes");
        for (int i = 0; i < times.length; i++) {
            double rest = 1.5 - mode.value(times[i]);
            assertThat(curve[i]).isEqualTo(0.002 + rest * rest / 2, within(1e-9)); // half-times are found to 1e-12
        }
        assertThat(Page.column(csv, "level")).containsExactly(1.125, 1.125, Double.NaN, 0.002, 0.002, 0.002);
        assertThat(Page.column(csv, "earliest_escape")).containsOnly(4);
        List<Element> lines = Page.all(Page.parse(file(page.downloads(), "loss.time.svg")), "line").stream()
                .filter(line -> line.getAttribute("class").equals("s-theory"))
                .toList();
        assertThat(lines).as("the earliest escape and two levels").hasSize(3);
        assertThat(Double.parseDouble(lines.get(0).getAttribute("x1")))
                .isEqualTo(58 + 410 * 4 / times[5], within(0.051));
        assertThat(Page.rows(page.ofClass("table", "saddles").get(0)).get(1)).endsWith("1.1250", "0.8889");
        String ratios = file(page.downloads(), "escape-ratios.csv");
        assertThat(Page.column(ratios, "fastest_ratio")).containsExactly(1.5, Double.NaN);
        assertThat(Page.column(ratios, "nearest_ratio")).containsExactly(1.25, 2);
        assertThat(page.texts("li")).contains("fastest escape direction: speed 4.0000, by 8 of 8 restarts; holds");
    }

    /**
     * Where a ladder holds the loss rests at its levels; else they are bounds, of which the drawing must not look sure.
     */
    @ParameterizedTest
    @CsvSource({"true, dashed, 'dashed, the levels of these ranks'", "false, dotted, 'dotted across, the least loss'"})
    void levelsAreDrawnAsTheCaptionSays(boolean exact, String stroke, String words) throws Exception {
        ladder(run);
        stored.store().putTheory(run, theory(exact, new AlignedMode(2, 1.5, 0.01)));
        Page page = write();
        assertThat(page.texts("figcaption"))
                .filteredOn(caption -> caption.contains(words))
                .hasSize(1);
        for (TimeAxis time : TimeAxis.values()) {
            String svg = file(page.downloads(), "loss.%s.svg".formatted(time.key()));
            assertThat(Page.all(Page.parse(svg), "line").stream()
                            .filter(line -> line.getAttribute("class").equals("s-theory"))
                            .filter(line -> line.getAttribute("y1").equals(line.getAttribute("y2")))
                            .map(ReportTest::stroke))
                    .containsExactly(stroke, stroke);
        }
    }

    /** Strokes are told apart by the length of what is drawn between two gaps. */
    private static String stroke(Element line) {
        String lengths = line.getAttribute("stroke-dasharray");
        return lengths.isEmpty() ? "solid" : Double.parseDouble(lengths.split(" ", -1)[0]) < 2 ? "dotted" : "dashed";
    }

    @Test
    void nothingIsLoadedFromElsewhere() throws Exception {
        ladder(run);
        Page page = write();
        for (String tag : List.of("a", "link", "script", "img", "iframe", "use", "image", "object")) {
            for (Element element : page.all(tag)) {
                assertThat(element.hasAttribute("src")).isFalse();
                assertThat(element.getAttribute("href")).matches("(?s)|#.*|data:.*");
            }
        }
        assertThat(page.all("style").get(0).getTextContent()
                        + page.all("script").get(0).getTextContent())
                .doesNotContain("http", "url(", "@import", "fetch(", "import(");
    }

    @Test
    void aNameIsTextWhateverIsInIt() throws Exception {
        String name = "<script>alert(1)</script>\"&amp;' ]]> \u0000</svg> ../x";
        ladder(TestRuns.renamed(run, name));
        Page page = write();
        // What XML cannot hold at all is replaced.
        assertThat(page.texts("h1")).containsExactly(name.replace('\u0000', '\uFFFD'));
        assertThat(page.all("script")).hasSize(1);
        assertThat(page.downloads().keySet()).allMatch(file -> file.matches("[a-z0-9.-]+"));
    }

    @Test
    void theSameRunsGiveTheSameBytesAndFiguresAreFilesToo() throws Exception {
        ladder(run);
        Path figures = Files.createDirectory(directory.resolve("figures"));
        Report.write(stored.store(), stored.store().runs(), directory.resolve("a.html"), figures, done -> {});
        Report.write(stored.store(), stored.store().runs(), directory.resolve("b.html"), null, done -> {});
        assertThat(directory.resolve("a.html")).hasSameBinaryContentAs(directory.resolve("b.html"));
        var files = new TreeMap<String, String>();
        try (var paths = Files.list(figures)) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), Files.readString(path));
            }
        }
        // The three drawings of a figure share their numbers, so the page has them once.
        assertThat(files)
                .hasSize(20)
                .containsAllEntriesOf(Page.read(directory.resolve("a.html")).downloads());
        for (String svg :
                files.keySet().stream().filter(name -> name.endsWith(".svg")).toList()) {
            assertThat(Page.parse(Objects.requireNonNull(files.get(svg))).getTagName())
                    .isEqualTo("svg");
        }
    }

    @Test
    void aRunWithoutRowsIsListedAndToldWhy() throws Exception {
        stored.queue(run);
        Page page = write();
        assertThat(page.table("runs").get(1)).startsWith(run.id(), "0", "queued");
        assertThat(page.texts("p")).contains("It has too few rows to draw.", "No plateau yet.");
        long epoch = stored.claim(run);
        stored.commit(new CommitDraft(run, epoch, 10).ended(RunStatus.FAILED, "the disk is <full>"));
        page = write();
        assertThat(page.table("runs").get(0)).endsWith("cause");
        assertThat(page.table("runs").get(1)).endsWith("the disk is <full>");
        assertThat(page.texts("p")).contains("1 run: 1 failed");
    }

    @Test
    void theMedianOverSeedsLastsAsLongAsAllRunsOrTheyHaveCompleted() throws Exception {
        List<RunSpec> runs = TestRuns.specs(5);
        double[] losses = {8, 1, 4, 2, 16};
        for (int i = 0; i < 5; i++) {
            long epoch = stored.claim(runs.get(i));
            // the fourth has completed at time 50, the fifth was cut at 90
            double end = i == 3 ? 50 : i == 4 ? 90 : 100;
            stored.commit(new CommitDraft(runs.get(i), epoch, 10)
                    .rows(row(0, 0, losses[i]), row(1, 1, losses[i]), row(2, end, losses[i]))
                    .ended(i == 4 ? RunStatus.CANCELLED : RunStatus.COMPLETED, null));
        }
        String csv = file(write().downloads(), "median-loss.csv");
        // of 1 2 4 8 16
        assertThat(Page.column(csv, "lower_quartile")).containsOnly(2);
        assertThat(Page.column(csv, "median")).containsOnly(4);
        assertThat(Page.column(csv, "upper_quartile")).containsOnly(8);
        double[] times = Page.column(csv, "flow_time");
        assertThat(times[0]).isEqualTo(1);
        // 240 steps of equal ratio from 1 to 100
        assertThat(times[times.length - 1]).isBetween(90 / Math.pow(100, 1.0 / 240), 90.0);
    }

    /**
     * Two hundred and forty runs in four settings: each setting has its first seeds shown, the others are in the table.
     */
    @Test
    void ofManyRunsSomeHaveSectionsAndThePageStaysSmall() throws Exception {
        List<RunSpec> runs = Experiment.parse("""
                        name = many
                        network { depth = 2, width = 3 }
                        data { source = circle-toy }
                        descent { learning-rate = 0.1 }
                        stop { max-steps = 1000 }
                        sweep { initialization.scale = [2, 10, 1, 0.5], initialization.seed = "range(0, 60)" }
                        """, "many.conf", Path.of("nowhere"), List.of())
                .runs();
        Snapshot[] rows = IntStream.rangeClosed(0, 200)
                .mapToObj(i -> TestRuns.row(2L * i))
                .toArray(Snapshot[]::new);
        stored.store()
                .commit(runs.stream()
                        .map(one -> new CommitDraft(one, stored.claim(one), 400)
                                .rows(rows)
                                .commit())
                        .toList());
        Page page = write();
        List<List<String>> table = page.table("runs");
        assertThat(table).hasSize(241);
        assertThat(table.stream().skip(1).map(row -> row.get(1)).distinct()).containsExactly("0.5", "1", "2", "10");
        assertThat(table.stream().skip(1).limit(12).map(row -> row.get(2)))
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11");
        List<String> sections = page.ofClass("details", "run").stream()
                .map(section -> section.getAttribute("id").substring(4))
                .toList();
        assertThat(sections).hasSize(ExperimentSection.MOST_SECTIONS);
        List<List<String>> shown =
                table.stream().filter(row -> sections.contains(row.get(0))).toList();
        assertThat(shown.stream().map(row -> row.get(1)).filter("0.5"::equals)).hasSize(8);
        assertThat(shown.stream().map(row -> row.get(1)).filter("10"::equals)).hasSize(7);
        assertThat(shown.stream().map(row -> Integer.valueOf(row.get(2)))).allMatch(seed -> seed < 8);
        assertThat(page.texts("p")).anyMatch(text -> text.startsWith("30 of 240 runs are shown here"));
        assertThat(Files.size(directory.resolve("report.html"))).isLessThan(16_000_000);
    }

    /** Of two layers, with an earliest escape, a ladder of two ranks and one mode. */
    private static Theory theory(boolean exact, AlignedMode mode) {
        return new Theory(
                Predicted.of(new OptimalEscape(4, 1e-7, 8, 8, "holds", List.of(1.5, Double.POSITIVE_INFINITY))),
                Predicted.of(new NearestEscape(3, 1e-7, 0.9, List.of(1.25, 2.0))),
                Predicted.of(4.0),
                Predicted.of(new Ladder(List.of(1.125, 0.002), exact)),
                Predicted.of(List.of(new HalfTime(1, 1.5, mode.halfTime()))),
                Predicted.of(1.4));
    }

    private Page write() throws Exception {
        Path file = directory.resolve("report.html");
        Report.write(stored.store(), stored.store().runs(), file, null, done -> {});
        return Page.read(file);
    }

    /** The only file whose name ends so. */
    private static String file(Map<String, String> files, String end) {
        List<String> names =
                files.keySet().stream().filter(name -> name.endsWith(end)).toList();
        if (names.isEmpty() && end.endsWith(".csv")) {
            // numbers are once under the name of the first drawing
            return file(files, end.replaceFirst("\\.(time|log-time)\\.csv$", ".step.csv"));
        }
        assertThat(names).hasSize(1);
        return Objects.requireNonNull(files.get(names.get(0)));
    }

    /** A run that has left plateau 0 of rank 0 and is on plateau 1 of rank 1, to its step 200. */
    private void ladder(RunSpec of) throws IOException {
        long epoch = stored.claim(of);
        stored.commit(new CommitDraft(of, epoch, 200)
                .rank(1)
                .rows(
                        row(0, 0, 1),
                        row(40, 1, 0.9),
                        row(70, 3, 0.1),
                        row(110, 6, 0.05),
                        row(160, 8, 0.04),
                        row(200, 9, 0.001))
                .plateaus(TestRuns.left(0, 0, of.architecture()))
                .transitions(TestRuns.transition(1, 0))
                .closing(null, TestRuns.open(1, 1, of.architecture())));
    }

    private static Snapshot row(long step, double time, double loss) {
        return new Snapshot(step, time, loss, 0.1, 1, 1, new Spectra(new double[][] {
            {sigma(1, step), sigma(2, step)}, {1 + step / 7.0}
        }));
    }

    private static double sigma(int index, long step) {
        return (1 + step / 3.0) / index;
    }
}
