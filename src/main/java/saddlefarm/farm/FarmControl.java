package saddlefarm.farm;

import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;

/**
 * What users ask of a farm that works. What is asked is stored or under way when a method returns, and done when the
 * store says so. Any thread may call, and has to wait for the store.
 */
public final class FarmControl {

    private final ActorRef<FarmSupervisor.Command> farm;
    private final RunStore store;
    private final TaskLibrary tasks;
    private final MemoryLimit limit;

    /** @param store that the farm writes to */
    public FarmControl(ActorRef<FarmSupervisor.Command> farm, RunStore store, TaskLibrary tasks, MemoryLimit limit) {
        this.farm = farm;
        this.store = store;
        this.tasks = tasks;
        this.limit = limit;
    }

    /**
     * Makes runs known and has them trained. Those that failed are tried again; those that have ended otherwise, and
     * those that a user has paused, stay as they are, so that asking twice is asking once.
     *
     * @throws ExperimentException if one of them does not fit into the farm's memory; nothing is stored then
     */
    public void submit(List<RunSpec> runs) {
        limit.require(runs);
        store.register(runs);
        Map<String, RunStatus> statuses =
                store.runs().stream().collect(Collectors.toMap(RunSummary::id, RunSummary::status));
        farm.tell(new FarmSupervisor.Grow(runs.stream()
                .filter(run -> wanted(statuses.getOrDefault(run.id(), RunStatus.QUEUED)))
                .toList()));
    }

    private static boolean wanted(RunStatus status) {
        return status == RunStatus.FAILED || (!status.ended() && status != RunStatus.PAUSED);
    }

    /** Has runs trained, whatever they were. */
    public void resume(List<RunSpec> runs) {
        farm.tell(new FarmSupervisor.Resume(runs));
    }

    /** Pauses runs that have not ended, at a commit of their own. */
    public void pause(List<RunSpec> runs) {
        farm.tell(new FarmSupervisor.Leave(runs, RunStatus.PAUSED));
    }

    /** Cancels runs that have not ended, at a commit of their own; also those that are paused. */
    public void cancel(List<RunSpec> runs) {
        farm.tell(new FarmSupervisor.Leave(runs, RunStatus.CANCELLED));
    }

    /**
     * Forks a run and has the forks trained.
     *
     * @param parent as it is stored
     * @return the forks in order; those that were known already are as they were
     * @throws ExperimentException if there is no such plateau or direction, or the request asks for what cannot be run
     */
    public List<RunSpec> fork(RunSpec parent, Forker.Request request) {
        limit.require(List.of(parent));
        List<RunSpec> forks = new Forker(store, tasks).fork(parent, request);
        submit(forks);
        return forks;
    }
}
