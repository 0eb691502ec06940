package saddlefarm.farm;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two turns at a time, and probes in the place of trainers. */
@ExtendWith(ActorSystems.class)
class TurnsTest {

    /** Long enough for a message that should not come. */
    private static final Duration QUIET = Duration.ofMillis(20);

    private final ActorTestKit kit;
    private final ActorRef<Turns.Command> turns;
    private final List<TestProbe<Turns.Turn>> trainers = new ArrayList<>();

    TurnsTest(ActorTestKit kit) {
        this.kit = kit;
        turns = kit.spawn(Turns.create(2));
        for (int i = 0; i < 4; i++) {
            trainers.add(kit.createTestProbe());
        }
    }

    @Test
    void givesATurnToTwoAtOnceAndToTheOthersInTheOrderInWhichTheyAsked() {
        List.of(0, 1, 2, 3).forEach(this::want);
        hasTurn(0);
        hasTurn(1);
        hasNoTurn(2);
        taken(1);
        hasTurn(2);
        hasNoTurn(3);
        taken(0);
        hasTurn(3);
    }

    @Test
    void letsNobodyHaveASecondTurnBeforeTheOthersHadOne() {
        List.of(0, 1, 2).forEach(this::want);
        hasTurn(0);
        hasTurn(1);
        taken(0);
        want(0);
        hasTurn(2);
        hasNoTurn(0);
        taken(1);
        hasTurn(0);
    }

    @Test
    void givesOnTheTurnOfATrainerThatIsNoMore() {
        List.of(0, 1, 2, 3).forEach(this::want);
        hasTurn(0);
        hasTurn(1);
        trainers.get(2).stop();
        kit.createTestProbe().expectNoMessage(QUIET);
        trainers.get(0).stop();
        hasTurn(3);
    }

    @Test
    void doesNotGiveTheTurnOfATrainerTwiceThatTookItAndIsNoMore() {
        List.of(0, 1, 2, 3).forEach(this::want);
        hasTurn(0);
        hasTurn(1);
        taken(0);
        hasTurn(2);
        trainers.get(0).stop();
        hasNoTurn(3);
    }

    private void want(int trainer) {
        turns.tell(new Turns.Want(trainers.get(trainer).getRef()));
    }

    private void taken(int trainer) {
        turns.tell(new Turns.Taken(trainers.get(trainer).getRef()));
    }

    private void hasTurn(int trainer) {
        trainers.get(trainer).expectMessage(Turns.Turn.TURN);
    }

    private void hasNoTurn(int trainer) {
        trainers.get(trainer).expectNoMessage(QUIET);
    }
}
