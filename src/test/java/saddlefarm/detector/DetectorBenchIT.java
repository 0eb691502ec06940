package saddlefarm.detector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import saddlefarm.BareRun;
import saddlefarm.analysis.Plateau;
import saddlefarm.analysis.Plateau.Kind;
import saddlefarm.descent.Ending;
import saddlefarm.experiment.TaskLibrary;

/**
 * How good the plateau detector is: many runs on teachers, whose true plateaus are told by {@link Labels} from what the
 * network has learned of each of the teacher's modes, beside the plateaus that the product finds from loss and gradient
 * alone. {@code docs/SCIENCE.md} records the tables that this prints.
 */
class DetectorBenchIT {

    /** What precision and recall must reach, over all runs. */
    private static final double FLOOR = 0.95;

    private static final Map<Configuration, List<LabelledRun>> BENCH = new LinkedHashMap<>();

    @BeforeAll
    static void train() throws InterruptedException, ExecutionException {
        var tasks = new TaskLibrary();
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            Map<Configuration, List<Future<LabelledRun>>> futures = new LinkedHashMap<>();
            for (Configuration configuration : Configuration.all()) {
                futures.put(
                        configuration,
                        configuration.runs().stream()
                                .map(run -> pool.submit(() -> LabelledRun.of(run, tasks)))
                                .toList());
            }
            for (var entry : futures.entrySet()) {
                List<LabelledRun> runs = new ArrayList<>();
                for (Future<LabelledRun> future : entry.getValue()) {
                    runs.add(future.get());
                }
                BENCH.put(entry.getKey(), runs);
                System.out.printf(
                        "detector bench: %d of %d configurations, %s%n",
                        BENCH.size(), futures.size(), entry.getKey().name());
            }
        } finally {
            pool.shutdownNow();
        }
        System.out.print(new BenchTable(BENCH).text());
    }

    @Test
    void theBenchIsLargeEnoughToTell() {
        assertThat(BENCH).hasSizeGreaterThanOrEqualTo(10);
        assertThat(runs()).hasSizeGreaterThanOrEqualTo(100);
        // A floor of .95 is told from .90 at 95% by about 140 plateaus.
        assertThat(Score.of(runs(), 0).recall().whole()).isGreaterThan(140);
    }

    @Test
    void plateausAreFoundAndNothingElse() {
        var score = Score.of(runs(), 0);
        assertThat(score.precision().value()).as(score.mistakes().toString()).isGreaterThanOrEqualTo(FLOOR);
        assertThat(score.recall().value()).as(score.mistakes().toString()).isGreaterThanOrEqualTo(FLOOR);
    }

    @Test
    void transitionsAreBetweenTheRanksThatTheNetworkHasLearned() {
        var score = Score.of(runs(), 0);
        assertThat(score.transitionPrecision().value())
                .as(score.mistakes().toString())
                .isGreaterThanOrEqualTo(FLOOR);
        assertThat(score.transitionRecall().value())
                .as(score.mistakes().toString())
                .isGreaterThanOrEqualTo(FLOOR);
    }

    /** At a saddle that is not the origin the Hessian has a direction down; Lanczos finds it within its 30 products. */
    @Test
    void everyPlateauThatWasLeftIsASaddleWithADirectionDown() {
        for (LabelledRun run : runs()) {
            for (Detection detection : run.detections()) {
                assertThat(detection.plateau().kind()).as(run.name()).isEqualTo(Kind.SADDLE);
                if (detection.plateau().startStep() > 0) {
                    assertThat(detection.plateau().lambdaMin())
                            .as("%s: %s", run.name(), detection)
                            .isNegative();
                }
            }
        }
    }

    @Test
    void everyPlateauIsPublishedAsACandidateWhileItLasts() {
        for (LabelledRun run : runs()) {
            for (Detection detection : run.detections()) {
                if (detection.plateau().startStep() > 0) {
                    assertThat(detection.candidates())
                            .as("%s: %s", run.name(), detection)
                            .isNotEmpty()
                            .allSatisfy(look -> {
                                assertThat(look.flowTime()).isBetween(detection.start(), detection.end());
                                assertThat(look.kind()).isNotEqualTo(Kind.MINIMUM);
                            });
                }
            }
        }
    }

    /**
     * Near a minimum λ_min may be negative by as much as the outputs are off, the order of √C; so a run's flow time
     * times it tells a minimum where the loss is small enough, and at 1e-5 mostly.
     */
    @Test
    void aRunThatConvergesEndsAtAMinimum() {
        var arrived = Score.minima(runs(), 1e-7);
        assertThat(arrived.whole()).isGreaterThan(80);
        assertThat(arrived.part()).isEqualTo(arrived.whole());
        var nearly = Score.minima(runs(), 1e-5);
        assertThat(nearly.whole()).isGreaterThan(100);
        assertThat(nearly.value()).isGreaterThanOrEqualTo(FLOOR);
    }

    /** The first run of each configuration, once for each of its true plateaus, cut in the middle of it. */
    @Test
    void aRunThatIsCutOnAPlateauEndsWithACandidateOfItsRank() {
        var tasks = new TaskLibrary();
        int cuts = 0;
        for (List<LabelledRun> runs : BENCH.values()) {
            LabelledRun run = runs.get(0);
            for (Rung rung : run.ladder().stream().filter(Rung::counts).toList()) {
                double middle = rung.rank() == 0 ? rung.end() / 2 : Math.sqrt(rung.start() * rung.end());
                BareRun.Result cut = LabelledRun.cut(run.spec(), tasks, middle);
                String name = "%s cut at t = %.4g on %s".formatted(run.name(), middle, rung);
                assertThat(cut.ending()).as(name).isEqualTo(Ending.MAX_FLOW_TIME);
                Plateau last =
                        cut.allPlateaus().get(cut.allPlateaus().size() - 1).plateau();
                assertThat(last.kind()).as(name).isEqualTo(Kind.CANDIDATE);
                assertThat(last.endStep()).as(name).isNull();
                assertThat(last.rank()).as(name).isEqualTo(rung.rank());
                cuts++;
            }
        }
        assertThat(cuts).isGreaterThan(40);
    }

    private static List<LabelledRun> runs() {
        return BENCH.values().stream().flatMap(List::stream).toList();
    }
}
