package saddlefarm.farm;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import saddlefarm.LogLines;
import saddlefarm.TestRuns;
import saddlefarm.analysis.Escape;
import saddlefarm.analysis.Plateau;
import saddlefarm.experiment.RunSpec;
import saddlefarm.network.Parameters;
import saddlefarm.run.Compared;
import saddlefarm.run.StoredPlateau;
import saddlefarm.theory.Predicted;
import saddlefarm.theory.Theory;

/** A theorist with real predictors, and the test in the recorder's place. */
@ExtendWith(ActorSystems.class)
class TheoristTest {

    /** How long nothing must happen where nothing may: longer than any answer takes, too short to be noticed. */
    private static final Duration QUIET = Duration.ofMillis(30);

    private static final Duration PATIENCE = Duration.ofMinutes(11);

    private final List<RunSpec> runs = ScriptedRun.specs(2);
    private final ActorTestKit kit;
    private final ManualTime time;
    private final Witness witness = new Witness();
    private final LogLines log = new LogLines(Theorist.class);
    private final TestProbe<Recorder.Command> recorder;
    private final TestProbe<Theorist.Answered> parent;
    private final ActorRef<Theorist.Command> theorist;

    TheoristTest(ActorTestKit kit, ManualTime time) {
        this.kit = kit;
        this.time = time;
        recorder = kit.createTestProbe();
        parent = kit.createTestProbe();
        var settings = new FarmSettings(
                1,
                1,
                Long.MAX_VALUE,
                Duration.ofMillis(1),
                1,
                Duration.ofMillis(100),
                Duration.ofMillis(100),
                Duration.ofMinutes(1));
        var turns = kit.spawn(Turns.create(settings.turns()));
        theorist = kit.spawn(Theorist.create(
                new Farm(settings, ScriptedRun.ENDLESS, witness, witness, turns, recorder.getRef()), parent.getRef()));
    }

    @AfterEach
    void stopIt() {
        kit.stop(theorist);
        log.close();
    }

    @Test
    void goesOnWithTheNextRunWhenTheStoreDoesNotTellWhatItHas() {
        predict();
        look(runs.get(0));
        missesTheFirstAfterItsPatience();
        look(runs.get(1)).replyTo().tell(new Predictor.Known(null, theory(5)));
        parent.expectMessage(new Theorist.Answered(theorist));
    }

    @Test
    void goesOnWithTheNextRunWhenTheStoreDoesNotSayThatItKeepsTheTheory() {
        predict();
        look(runs.get(0)).replyTo().tell(new Predictor.Begin(null, null));
        assertThat(recorder.expectMessageClass(Recorder.Keep.class).run()).isEqualTo(runs.get(0));
        missesTheFirstAfterItsPatience();
        look(runs.get(1));
    }

    @Test
    void theoryThatIsThereIsShownBesideWhenTheRunLeftTheOrigin() {
        predict();
        look(runs.get(0)).replyTo().tell(new Predictor.Known(origin(6), theory(5)));
        parent.expectMessage(new Theorist.Answered(theorist));
        assertThat(witness.leftOrigin(runs.get(0))).isEqualTo(new Compared(Compared.Quantity.ESCAPE_TIME, 0, 5, 6.0));
    }

    private static Theory theory(double earliestEscape) {
        return new Theory(
                Predicted.not("not asked"),
                Predicted.not("not asked"),
                Predicted.of(earliestEscape),
                Predicted.not("not asked"),
                Predicted.not("not asked"),
                Predicted.not("not asked"));
    }

    private StoredPlateau origin(double left) {
        var origin = new Plateau(0, 0, 0, 1L, 0, 1.0, 0, 1, 0, Plateau.Kind.SADDLE, null, null, List.of(0, 0));
        var direction = new Parameters(runs.get(0).architecture());
        var escape = new Escape(60, left, 0.98, null, null, null, List.of(9.0), List.of(0.5, 0.5), direction);
        return new StoredPlateau(origin, TestRuns.spectra(1), null, escape);
    }

    private void predict() {
        runs.forEach(run -> theorist.tell(new Theorist.Predict(run)));
    }

    private Recorder.Look look(RunSpec run) {
        var look = recorder.expectMessageClass(Recorder.Look.class);
        assertThat(look.run()).isEqualTo(run);
        return look;
    }

    private void missesTheFirstAfterItsPatience() {
        time.timePasses(PATIENCE.minusMillis(1));
        parent.expectNoMessage(QUIET);
        time.timePasses(Duration.ofMillis(1));
        parent.expectMessage(new Theorist.Answered(theorist));
        assertThat(log.with("missing"))
                .containsExactly("ERROR the theory of run " + runs.get(0).id() + " is missing");
    }
}
