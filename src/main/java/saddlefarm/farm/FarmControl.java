package saddlefarm.farm;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.Wish;

/**
 * What users ask of a farm that works. What is asked is stored or under way when a method returns, and done when the
 * store says so. Any thread may call, and has to wait for the store.
 */
public final class FarmControl {

    private final Consumer<FarmSupervisor.Command> farm;
    private final RunStore store;
    private final TaskLibrary tasks;
    private final MemoryLimit limit;

    /**
     * @param farm told when what is wanted is in the store
     * @param store that the farm writes to
     */
    public FarmControl(Consumer<FarmSupervisor.Command> farm, RunStore store, TaskLibrary tasks, MemoryLimit limit) {
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
        Set<String> submitted = runs.stream().map(RunSpec::id).collect(Collectors.toSet());
        store.want(failed(submitted), Wish.TRAIN);
        Set<String> wanted = store.wished().stream()
                .filter(wished -> wished.wish() == Wish.TRAIN)
                .map(wished -> wished.run().id())
                .collect(Collectors.toSet());
        farm.accept(new FarmSupervisor.Grow(
                runs.stream().filter(run -> wanted.contains(run.id())).toList()));
    }

    private List<String> failed(Set<String> runs) {
        return store.runs().stream()
                .filter(run -> run.status() == RunStatus.FAILED)
                .map(RunSummary::id)
                .filter(runs::contains)
                .toList();
    }

    /** Has runs trained, whatever they were. */
    public void resume(List<RunSpec> runs) {
        store.want(ids(runs), Wish.TRAIN);
        farm.accept(new FarmSupervisor.Resume(runs));
    }

    /** Pauses runs that have not ended, at a commit of their own. */
    public void pause(List<RunSpec> runs) {
        leave(runs, Wish.PAUSE);
    }

    /** Cancels runs that have not ended, at a commit of their own; also those that are paused. */
    public void cancel(List<RunSpec> runs) {
        leave(runs, Wish.CANCEL);
    }

    private void leave(List<RunSpec> runs, Wish wish) {
        store.want(ids(runs), wish);
        farm.accept(FarmSupervisor.wanted(wish, runs));
    }

    private static List<String> ids(List<RunSpec> runs) {
        return runs.stream().map(RunSpec::id).toList();
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
