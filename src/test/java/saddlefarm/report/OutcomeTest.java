package saddlefarm.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import saddlefarm.CommitDraft;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Plateau;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.statistics.Observation;

/** What summaries of sweeps take from a stored run. */
class OutcomeTest {

    private final RunSpec run = TestRuns.specs(1).get(0);

    @TempDir
    private Path directory;

    private StoredRuns stored;
    private CommitDraft commit;

    @BeforeEach
    void open() {
        stored = new StoredRuns(directory);
        commit = new CommitDraft(run, stored.claim(run), 30).rank(2).ended(RunStatus.COMPLETED, null);
    }

    @AfterEach
    void close() {
        stored.close();
    }

    @Test
    void aMeasuredEscapeIsAtItsTime() {
        commit.plateaus(left(0, 0)).transitions(TestRuns.transition(1, 0));

        assertThat(outcome().escape()).isEqualTo(Observation.at(0.9 / 3));
    }

    @Test
    void withoutAConfirmedEscapeTheFirstRowThatHasLostTwoPercentCounts() {
        // Losses 1/3, 1/4 and 1/5 at times 0, 1/7, 2/7.
        commit.rows(TestRuns.row(0), TestRuns.row(1), TestRuns.row(2));

        assertThat(outcome().escape()).isEqualTo(Observation.at(1 / 7.0));
    }

    @Test
    void aRunThatStayedIsCensoredWhereItEnded() {
        commit.rows(TestRuns.row(0));

        // Step 30 is at t = 10.
        assertThat(outcome().escape()).isEqualTo(Observation.after(10));
    }

    @Test
    void aRunUnderWayIsCensoredWhereItIsAndHasNoFinalRank() {
        commit.rows(TestRuns.row(0)).ended(RunStatus.RUNNING, null);

        Outcome outcome = outcome();
        assertThat(outcome.escape()).isEqualTo(Observation.after(10));
        assertThat(outcome.rank()).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"DIVERGED", "FAILED"})
    void aRunThatBrokeBeforeItEscapedHasNone(RunStatus status) {
        commit.rows(TestRuns.row(0)).ended(status, "as it happens");
        stored.commit(commit);

        assertThat(read()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"DIVERGED", "FAILED"})
    void aRunThatBrokeLaterKeepsItsEscapeAndHasNoFinalRank(RunStatus status) {
        commit.plateaus(left(0, 0), left(1, 2))
                .transitions(TestRuns.transition(1, 0))
                .ended(status, "as it happens");

        Outcome outcome = outcome();
        assertThat(outcome.escape()).isEqualTo(Observation.at(0.9 / 3));
        assertThat(outcome.rank()).isNull();
        assertThat(outcome.firstPlateau()).isNull();
    }

    @Test
    void aRunThatHasNotBegunHasNone() {
        assertThat(read()).isEmpty();
    }

    @Test
    void theFirstPlateauIsTheOneAfterTheOrigin() {
        commit.plateaus(left(0, 0), left(1, 2), left(2, 3));

        assertThat(outcome().firstPlateau()).isEqualTo(2);
    }

    @Test
    void aFirstPlateauThatBeganLaterIsNotTheOrigin() {
        // The origin's escape was never confirmed, so number 0, from step 200 on, is the second that the run met.
        PlateauFound later = left(2, 3);
        commit.rows(TestRuns.row(0), TestRuns.row(1)).plateaus(numbered(0, later));

        Outcome outcome = outcome();
        assertThat(outcome.escape()).isEqualTo(Observation.at(1 / 7.0));
        assertThat(outcome.firstPlateau()).isEqualTo(3);
    }

    @Test
    void aMinimumIsNoPlateau() {
        PlateauFound open = TestRuns.open(1, 3, run.architecture());
        commit.plateaus(left(0, 0)).closing(null, minimum(open));

        assertThat(outcome().firstPlateau()).isNull();
    }

    @Test
    void runsAreKnownByTheirSeeds() {
        assertThat(outcome().seeds()).isEqualTo(Map.of("initialization.seed", "0"));
        assertThat(outcome().rank()).isEqualTo(2);
    }

    private Outcome outcome() {
        stored.commit(commit);
        return read().orElseThrow();
    }

    private Optional<Outcome> read() {
        RunStore store = stored.store();
        RunSummary summary = store.runs().get(0);
        return Outcome.of(store, summary, Settings.of(store, summary).seeds());
    }

    private PlateauFound left(int number, int rank) {
        return TestRuns.left(number, rank, run.architecture());
    }

    private static PlateauFound numbered(int number, PlateauFound found) {
        Plateau plateau = found.plateau();
        return new PlateauFound(
                new Plateau(
                        number,
                        plateau.rank(),
                        plateau.startStep(),
                        plateau.endStep(),
                        plateau.startTime(),
                        plateau.endTime(),
                        plateau.deepestStep(),
                        plateau.loss(),
                        plateau.gradientNorm(),
                        plateau.kind(),
                        plateau.lambdaMin(),
                        plateau.lambdaMax(),
                        plateau.layerRanks()),
                found.spectra(),
                found.deepest(),
                found.saddle(),
                found.escape());
    }

    private static PlateauFound minimum(PlateauFound found) {
        Plateau plateau = found.plateau();
        @Nullable Double none = null;
        return new PlateauFound(
                new Plateau(
                        plateau.number(),
                        plateau.rank(),
                        plateau.startStep(),
                        null,
                        plateau.startTime(),
                        none,
                        plateau.deepestStep(),
                        plateau.loss(),
                        plateau.gradientNorm(),
                        Plateau.Kind.MINIMUM,
                        0.0,
                        1.0,
                        plateau.layerRanks()),
                found.spectra(),
                found.deepest(),
                found.saddle(),
                null);
    }
}
