package saddlefarm.farm;

import akka.actor.typed.ActorRef;
import saddlefarm.run.RunBoard;

/** What every actor of a farm on one node has in common. */
public record Farm(
        FarmSettings settings,
        Workshop workshop,
        RunBoard board,
        FarmListener listener,
        ActorRef<Turns.Command> turns,
        ActorRef<Recorder.Command> recorder) {

    MemoryLimit memoryLimit() {
        return new MemoryLimit(workshop, settings.maxMemory());
    }
}
