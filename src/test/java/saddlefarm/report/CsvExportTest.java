package saddlefarm.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import saddlefarm.CommitDraft;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Snapshot;
import saddlefarm.analysis.Spectra;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunStatus;
import saddlefarm.theory.HalfTime;
import saddlefarm.theory.Ladder;
import saddlefarm.theory.OptimalEscape;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Theory;

/** The eight tables, letter by letter. */
class CsvExportTest extends StoredRunsTest {

    /** In the order of their ids, which is that of the rows; not that in which they are stored. */
    private final List<RunSpec> runs =
            TestRuns.specs(3).stream().sorted(Comparator.comparing(RunSpec::id)).toList();

    private final RunSpec first = runs.get(0);
    private final RunSpec second = runs.get(1);
    private final RunSpec third = runs.get(2);

    @Test
    void aRunIsALineWithAColumnForEachSweptKey() throws IOException {
        stored.queue(third);
        ended(second);
        String header = "run,experiment,status,steps,flow_time,loss,rank,plateaus,backend,initialization.seed\n";
        // At step 10: t = 10/3 and C = 1/11.
        assertThat(table("runs.csv"))
                .isEqualTo(header
                        + second.id() + ",made-up,completed,10,3.3333333333333335,0.09090909090909091,4,1,ordered,"
                        + seed(second) + "\n"
                        + third.id() + ",made-up,queued,,,,,,ordered," + seed(third) + "\n");
    }

    @Test
    void rowsAreSortedByRunAndStepAndSingularValuesByLayerAndIndex() throws IOException {
        long epoch = stored.claim(second);
        stored.commit(new CommitDraft(second, epoch, 10).rows(TestRuns.row(3)));
        epoch = stored.claim(first);
        stored.commit(new CommitDraft(first, epoch, 10).rows(TestRuns.row(14)));
        stored.commit(new CommitDraft(first, epoch, 20).rows(TestRuns.row(0)));
        // t = step/7, C = 1/(step + 3), |∇C| = √(step + 2), ‖θ‖ = π; the nearest doubles in their shortest decimals.
        assertThat(table("snapshots.csv")).isEqualTo("""
                run,step,flow_time,loss,gradient_norm,parameter_norm,rank
                %1$s,0,0.0,0.3333333333333333,1.4142135623730951,3.141592653589793,1
                %1$s,14,2.0,0.058823529411764705,4.0,3.141592653589793,1
                %2$s,3,0.42857142857142855,0.16666666666666666,2.23606797749979,3.141592653589793,1
                """.formatted(first.id(), second.id()));
        assertThat(table("singular_values.csv")).isEqualTo("""
                run,step,layer,index,value
                %1$s,0,1,1,0.6666666666666666
                %1$s,0,1,2,0.3333333333333333
                %1$s,0,2,1,0.1
                %1$s,14,1,1,5.333333333333333
                %1$s,14,1,2,5.0
                %1$s,14,2,1,14.1
                %2$s,3,1,1,1.6666666666666667
                %2$s,3,1,2,1.3333333333333333
                %2$s,3,2,1,3.1
                """.formatted(first.id(), second.id()));
    }

    @Test
    void whatAPlateauLeavesOpenIsEmpty() throws IOException {
        ended(first);
        assertThat(table("plateaus.csv")).isEqualTo("""
                run,plateau,rank,start_step,end_step,start_time,end_time,deepest_step,loss,gradient_norm,kind,lambda_min,\
                lambda_max,layer_ranks
                %1$s,0,0,0,60,0.0,0.3333333333333333,30,1.0,1.0E-7,saddle,-0.1,0.7,0;1
                %1$s,1,3,100,,0.3333333333333333,,130,0.5,1.0E-7,candidate,,,3;3
                """.formatted(first.id()));
    }

    @Test
    void aSaddleIsALineWithItsThreeSteepestWaysDown() throws IOException {
        ended(first);
        assertThat(table("saddles.csv")).isEqualTo("""
                run,plateau,index,index_complete,index_tolerance,jacobian_rank,activation_ranks,balance,alignment,\
                dead_units,mode_1_eigenvalue,mode_1_residual,mode_1_ratios,mode_1_energies,mode_2_eigenvalue,\
                mode_2_residual,mode_2_ratios,mode_2_energies,mode_3_eigenvalue,mode_3_residual,mode_3_ratios,\
                mode_3_energies
                %1$s,0,,,,0,1,0.0,0.3333333333333333,0,,,,,,,,,,,,
                %1$s,1,2,false,0.05,1,2,0.1,0.25,1,-0.2,1.0E-9,;7.5,0.4;0.6,-0.01,0.001,1.25;2.5,0.3;0.7,,,,
                """.formatted(first.id()));
    }

    /** Plateau 0 as the origin is, plateau 1 as those after it are. */
    @Test
    void anEscapeIsALineWithWhatIsKnownOfItsPlateau() throws IOException {
        long epoch = stored.claim(first);
        var architecture = first.architecture();
        stored.commit(new CommitDraft(first, epoch, 10)
                .plateaus(TestRuns.left(0, 0, architecture), TestRuns.left(1, 1, architecture))
                .closing(null, TestRuns.open(2, 2, architecture)));
        assertThat(table("escapes.csv")).isEqualTo("""
                run,plateau,step,flow_time,loss,speed,cosine,leading_cosine,ratios,energies
                %1$s,0,50,0.3,0.98,0.7,,,;3.0,0.25;0.75
                %1$s,1,150,0.6333333333333333,0.49,,0.875,0.5,;3.3333333333333335,0.25;0.75
                """.formatted(first.id()));
    }

    @Test
    void aPlateauThatNobodyLookedAtHasALineInItsOwnTableAlone() throws IOException {
        long epoch = stored.claim(first);
        var left = TestRuns.left(0, 0, first.architecture());
        stored.commit(new CommitDraft(first, epoch, 10)
                .plateaus(new PlateauFound(left.plateau(), left.spectra(), left.deepest(), null, null)));
        assertThat(table("plateaus.csv").lines()).hasSize(2);
        assertThat(table("saddles.csv").lines()).hasSize(1);
        assertThat(table("escapes.csv").lines()).hasSize(1);
    }

    @Test
    void theRankAfterATransitionIsEmptyUntilItIsKnown() throws IOException {
        ended(first);
        long epoch = stored.claim(second);
        stored.commit(new CommitDraft(second, epoch, 10)
                .plateaus(TestRuns.left(0, 0, second.architecture()))
                .transitions(TestRuns.transition(1, 0)));
        assertThat(table("transitions.csv")).isEqualTo("""
                run,transition,step,flow_time,rank_before,rank_after
                %s,1,60,0.3333333333333333,0,3
                %s,1,60,0.3333333333333333,0,
                """.formatted(first.id(), second.id()));
    }

    /** Plateau 0 of rank 0 and loss 1 beside level 2, plateau 1 of rank 3 and loss ½ beside the last level, ½. */
    @Test
    void whatIsPredictedStandsBesideWhatWasMeasured() throws IOException {
        ended(first);
        ended(second);
        Predicted<List<HalfTime>> none = Predicted.not("not two layers");
        stored.store()
                .putTheory(
                        first,
                        new Theory(
                                Predicted.of(new OptimalEscape(4, 1e-7, 8, 8, "holds", List.of(1.5, 2.0))),
                                Predicted.not("not measured"),
                                Predicted.not("it begins at the origin"),
                                Predicted.of(new Ladder(List.of(2.0, 0.5), true)),
                                none,
                                Predicted.of(1.4)));
        assertThat(table("theory.csv")).startsWith("""
                run,quantity,index,predicted,measured,ratio
                %1$s,escape_speed,0,4.0,""".formatted(first.id())).endsWith("""
                %1$s,level,0,2.0,1.0,0.5
                %1$s,level,1,0.5,0.5,1.0
                %1$s,sharpness,0,1.4,0.7,0.5
                """.formatted(first.id()));
    }

    @Test
    void numbersAreTheShortestDecimalsThatReadBackExactly() throws IOException {
        // 2e23 is printed a digit too long by Java before 19; 4.9e-324 is the least double.
        String[] texts = {"2.0E23", "4.9E-324", "1.7976931348623157E308", "0.30000000000000004", "9.007199254740992E15"
        };
        double[] numbers = Stream.of(texts).mapToDouble(Double::parseDouble).toArray();
        long epoch = stored.claim(first);
        var row = new Snapshot(0, 0, 1, 1, 1, 0, new Spectra(new double[][] {numbers}));
        stored.commit(new CommitDraft(first, epoch, 10).rows(row));
        assertThat(table("singular_values.csv").lines().skip(1).map(line -> line.replaceFirst(".*,", "")))
                .containsExactly(texts);
    }

    /** RFC 4180, 2.6 and 2.7: a cell with a comma, a quote or a line's end is in quotes, and its quotes are doubled. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '#',
            value = {
                "#a,b#, #\"a,b\"#",
                "#say \"a\"#, #\"say \"\"a\"\"\"#",
                "#a\nb#, #\"a\nb\"#",
                "#a\rb#, #\"a\rb\"#",
                "a b;c, a b;c"
            })
    void textsThatWouldBreakATableAreQuoted(String name, String cell) throws IOException {
        stored.queue(TestRuns.renamed(first, name));
        assertThat(table("runs.csv")).contains("\n" + first.id() + "," + cell + ",queued,");
    }

    @Test
    void aSweptTextIsWhatItSaysAndAListItsJson() throws IOException {
        stored.queue(swept(first, "data.file", "\"a \\\"b\\\\c.csv\""));
        stored.queue(swept(second, "network.widths", "[2,3,1]"));
        String[] lines = table("runs.csv").split("\n", -1);
        assertThat(lines[0]).endsWith(",backend,data.file,network.widths");
        // The first run has widths too, though it does not sweep them; the second has no file.
        assertThat(lines[1]).endsWith(",ordered,\"a \"\"b\\c.csv\",\"[2,3,1]\"");
        assertThat(lines[2]).endsWith(",ordered,,\"[2,3,1]\"");
    }

    @Test
    void theSameRunsGiveTheSameBytes() throws IOException {
        ended(second);
        ended(first);
        stored.queue(third);
        assertThat(stored.bytes(new CsvExport()))
                .isEqualTo(stored.bytes(new CsvExport()))
                .hasSize(8);
    }

    @Test
    void noRunsAreEightHeaders() throws IOException {
        assertThat(export())
                .hasSize(8)
                .allSatisfy((name, text) -> assertThat(text.lines()).as(name).hasSize(1));
    }

    @Test
    void anExportThatFailsLeavesTheOldTablesAndNothingHalf() throws IOException {
        ended(first);
        Path to = Files.createDirectories(directory.resolve("to"));
        Files.writeString(to.resolve("snapshots.csv"), "old");
        Files.writeString(to.resolve("singular_values.csv"), "older");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> new CsvExport()
                        .write(stored.store(), stored.store().runs(), to, done -> {
                            throw new IllegalStateException("disk full");
                        }));
        assertThat(to.resolve("snapshots.csv")).hasContent("old");
        assertThat(to.resolve("singular_values.csv")).hasContent("older");
        assertThat(StoredRuns.bytes(to))
                .containsOnlyKeys(
                        "escapes.csv",
                        "plateaus.csv",
                        "runs.csv",
                        "saddles.csv",
                        "singular_values.csv",
                        "snapshots.csv",
                        "theory.csv",
                        "transitions.csv");
    }

    @Test
    void whatIsNoNumberIsEmpty() throws IOException {
        var out = new ByteArrayOutputStream();
        new CsvWriter(out)
                .cell(Double.NaN)
                .cell(Double.POSITIVE_INFINITY)
                .cell(-0.0)
                .cell("")
                .endRow();
        assertThat(out.toString(UTF_8)).isEqualTo(",,-0.0,\n");
    }

    /** Ends a run at step 10 with rank 4, on a plateau of rank 3. */
    private void ended(RunSpec run) {
        long epoch = stored.claim(run);
        stored.commit(new CommitDraft(run, epoch, 10)
                .ended(RunStatus.COMPLETED, null)
                .rank(4)
                .rows(TestRuns.row(0), TestRuns.row(7))
                .plateaus(TestRuns.left(0, 0, run.architecture()))
                .transitions(TestRuns.transition(1, 0))
                .closing(TestRuns.row(10), TestRuns.open(1, 3, run.architecture())));
    }

    private String table(String name) throws IOException {
        return Objects.requireNonNull(export().get(name), name);
    }

    private Map<String, String> export() throws IOException {
        var texts = new TreeMap<String, String>();
        stored.bytes(new CsvExport())
                .forEach((name, bytes) -> texts.put(name, UTF_8.decode(bytes).toString()));
        return texts;
    }

    private static String seed(RunSpec run) {
        return String.valueOf(run.swept().get("initialization.seed"));
    }

    /** The same run as if an experiment swept this key. */
    private static RunSpec swept(RunSpec run, String key, String json) {
        return run.withSwept(new TreeMap<>(Map.of(key, json)));
    }
}
