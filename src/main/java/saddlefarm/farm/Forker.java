package saddlefarm.farm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Perturbation;
import saddlefarm.data.Task;
import saddlefarm.descent.DescentState;
import saddlefarm.experiment.Experiment;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.ForkSettings;
import saddlefarm.experiment.RunSpec;
import saddlefarm.experiment.TaskLibrary;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.RandomStream;
import saddlefarm.network.Hessian;
import saddlefarm.network.Parameters;
import saddlefarm.run.Checkpoint;
import saddlefarm.run.ForkPoint;
import saddlefarm.run.RunStore;

/** Makes forks of stored runs, which branch off at a plateau from weights that are perturbed. */
public final class Forker {

    private static final int MOST_FORKS = 10_000;

    /** Of an eigenvector: along it and against it. */
    private static final int SIDES = 2;

    /**
     * What is asked.
     *
     * @param plateau of the parent, from 0
     * @param perturb along what
     * @param size length of the perturbation, > 0
     * @param count of forks, from 1; null for one in a random direction, or two along an eigenvector, to either side
     * @param overrides {@code key=value} of where the forks stop and how they are observed
     */
    public record Request(
            int plateau,
            ForkSettings.Perturb perturb,
            double size,
            @Nullable Integer count,
            List<String> overrides) {

        /** @throws ExperimentException for a size or a count that there cannot be */
        public Request {
            if (!(size > 0) || !Double.isFinite(size)) {
                throw new ExperimentException("size must be a finite number above 0 but was " + size);
            }
            int most = perturb.random() ? MOST_FORKS : SIDES;
            if (count != null && (count < 1 || count > most)) {
                throw new ExperimentException("count must be from 1 to %d%s but was %d"
                        .formatted(most, perturb.random() ? "" : ", the sides of an eigenvector,", count));
            }
        }

        private int forks() {
            return count != null ? count : perturb.random() ? 1 : SIDES;
        }
    }

    private final RunStore store;
    private final TaskLibrary tasks;

    public Forker(RunStore store, TaskLibrary tasks) {
        this.store = store;
        this.tasks = tasks;
    }

    /**
     * Makes forks of a run and has the store know them; those that it knows already stay as they are. They are the same
     * whenever and wherever they are made, but that the parent may have more plateaus by then.
     *
     * @param parent as it is stored
     * @return the forks, in order of their index
     * @throws ExperimentException if there is no such plateau or direction, or the request asks for what cannot be run
     */
    public List<RunSpec> fork(RunSpec parent, Request request) {
        List<RunStore.Fork> forks = forks(parent, request);
        store.registerForks(forks);
        return forks.stream().map(RunStore.Fork::run).toList();
    }

    private List<RunStore.Fork> forks(RunSpec parent, Request request) {
        DescentState saddle = saddle(parent, request.plateau);
        List<ForkSettings> settings = settings(parent, request);
        List<RunSpec> runs = Experiment.forks(parent, settings, request.overrides);
        Checkpoint checkpoint = store.checkpoint(parent).orElseThrow(() -> nothingToGoBy(parent));
        var initial = checkpoint.analysis().initial();
        if (initial == null) {
            throw nothingToGoBy(parent);
        }
        List<Parameters> starts = perturbed(parent, saddle, settings);
        var forks = new ArrayList<RunStore.Fork>();
        for (int i = 0; i < runs.size(); i++) {
            var start = DescentState.beginning(saddle.step(), saddle.flowTime(), starts.get(i));
            forks.add(new RunStore.Fork(
                    runs.get(i),
                    parent.id(),
                    new ForkPoint(start, checkpoint.analysis().detector().initialLoss(), initial)));
        }
        return forks;
    }

    private DescentState saddle(RunSpec parent, int plateau) {
        return store.deepest(parent.id(), plateau).orElseThrow(() -> noPlateau(parent, plateau));
    }

    private ExperimentException noPlateau(RunSpec parent, int plateau) {
        int known = store.plateaus(parent.id()).size();
        return new ExperimentException(
                known == 0
                        ? "run %s has no plateau yet".formatted(parent.id())
                        : "run %s has no plateau %d to fork from; it has those from 0 to %d"
                                .formatted(parent.id(), plateau, known - 1));
    }

    private static List<ForkSettings> settings(RunSpec parent, Request request) {
        return IntStream.range(0, request.forks())
                .mapToObj(index -> new ForkSettings(parent.id(), request.plateau, request.perturb, request.size, index))
                .toList();
    }

    private List<Parameters> perturbed(RunSpec parent, DescentState saddle, List<ForkSettings> settings) {
        Parameters theta = saddle.parameters();
        if (settings.get(0).perturb().random()) {
            return settings.stream()
                    .map(fork -> Perturbation.random(
                            theta,
                            fork.size(),
                            RandomStream.of(fork.index(), "fork of " + fork.parent() + " at " + fork.plateau())))
                    .toList();
        }
        ForkSettings first = settings.get(0);
        Task task = tasks.task(parent.data(), parent.loss());
        // With the default kernels whatever the run's are, so that a fork is the same on every machine.
        var hessian = new Hessian(parent.loss(), task.inputs(), task.targets(), Kernels.ordered(), theta);
        List<double[]> ways = saddle.flowTime() == 0 ? List.of() : Perturbation.ways(hessian, saddle.flowTime());
        int j = first.perturb().eigenvector();
        if (j > ways.size()) {
            throw new ExperimentException(
                    "at plateau %d of run %s %d directions lead down, so there is no %s; --perturb random needs none"
                            .formatted(first.plateau(), parent.id(), ways.size(), first.perturb()));
        }
        return settings.stream()
                .map(fork -> Perturbation.along(ways.get(j - 1), theta, fork.positive() ? fork.size() : -fork.size()))
                .toList();
    }

    private static ExperimentException nothingToGoBy(RunSpec parent) {
        return new ExperimentException("run %s has no checkpoint that can be read".formatted(parent.id()));
    }
}
