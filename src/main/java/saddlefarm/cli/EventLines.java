package saddlefarm.cli;

import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding;
import saddlefarm.analysis.Plateau;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.FarmListener;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;

/** Tells what a farm finds as it finds it, a line for each event. */
final class EventLines implements FarmListener {

    private final Consumer<String> out;

    /** @param out takes each line, from any thread */
    EventLines(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public void found(RunSpec run, Finding finding) {
        if (finding instanceof Finding.PlateauFound found && found.plateau().endStep() != null) {
            Plateau plateau = found.plateau();
            out.accept("%s  left plateau %d: rank %d, loss %s, steps %s to %s"
                    .formatted(
                            name(run),
                            plateau.number(),
                            plateau.rank(),
                            TextTable.quantity(plateau.loss()),
                            TextTable.count(plateau.startStep()),
                            TextTable.count(plateau.endStep())));
        }
    }

    @Override
    public void changed(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause) {
        if (status.ended() || status == RunStatus.PAUSED || cause != null) {
            out.accept("%s  %s%s%s"
                    .formatted(
                            name(run),
                            status.label(),
                            progress == null
                                    ? ""
                                    : (status == RunStatus.DIVERGED ? ", last finite at step" : " at step")
                                            + " %s: loss %s, rank %d"
                                                    .formatted(
                                                            TextTable.count(progress.step()),
                                                            TextTable.quantity(progress.loss()),
                                                            progress.rank()),
                            cause == null ? "" : " (" + cause + ")"));
        }
    }

    private static String name(RunSpec run) {
        return run.swept().isEmpty()
                ? run.id()
                : run.id() + " "
                        + run.swept().entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .collect(Collectors.joining(" "));
    }
}
