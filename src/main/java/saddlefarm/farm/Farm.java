package saddlefarm.farm;

import akka.actor.typed.ActorRef;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.ActorContext;
import java.util.function.Consumer;
import saddlefarm.run.RunBoard;
import saddlefarm.run.RunStore;
import saddlefarm.run.StoreTakenException;

/** What every actor of a farm on one node has in common. */
public record Farm(
        FarmSettings settings,
        Workshop workshop,
        RunBoard board,
        FarmListener listener,
        ActorRef<Turns.Command> turns,
        ActorRef<Recorder.Command> recorder) {

    /**
     * Sets up what the runs of a node share, as children of an actor that hears when one of them fails.
     *
     * @param whenTaken told once that the store belongs to another farm
     */
    public static Farm of(
            ActorContext<?> parent,
            FarmSettings settings,
            Workshop workshop,
            RunStore store,
            RunBoard board,
            FarmListener listener,
            Consumer<StoreTakenException> whenTaken) {
        ActorRef<Recorder.Command> recorder = parent.spawn(
                Recorder.create(store, board, settings.storePatience(), whenTaken),
                "recorder",
                DispatcherSelector.fromConfig("saddlefarm.recorder-dispatcher"));
        parent.watch(recorder);
        ActorRef<Turns.Command> turns = parent.spawn(Turns.create(settings.turns()), "turns");
        parent.watch(turns);
        return new Farm(settings, workshop, board, listener, turns, recorder);
    }

    MemoryLimit memoryLimit() {
        return new MemoryLimit(workshop, settings.maxMemory());
    }
}
