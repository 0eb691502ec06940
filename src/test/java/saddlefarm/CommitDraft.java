package saddlefarm;

import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import saddlefarm.analysis.Finding.PlateauFound;
import saddlefarm.analysis.Finding.Transition;
import saddlefarm.analysis.Snapshot;
import saddlefarm.experiment.RunSpec;
import saddlefarm.run.Commit;
import saddlefarm.run.Progress;
import saddlefarm.run.RunStatus;

/** A commit in the making: at a step, of a running run, with nothing new in it unless that is added. */
@NullMarked
public final class CommitDraft {

    private final RunSpec run;
    private final long epoch;
    private final long step;
    private long number = 1;
    private RunStatus status = RunStatus.RUNNING;
    private @Nullable String cause;
    private String machine = "ordered (as it was made up)";
    private int rank;
    private List<Snapshot> rows = List.of();
    private List<PlateauFound> plateaus = List.of();
    private List<Transition> transitions = List.of();
    private @Nullable Snapshot closingRow;
    private @Nullable PlateauFound closingPlateau;

    public CommitDraft(RunSpec run, long epoch, long step) {
        this.run = run;
        this.epoch = epoch;
        this.step = step;
    }

    /** The run's second, say; otherwise it is its first. */
    public CommitDraft number(long number) {
        this.number = number;
        return this;
    }

    public CommitDraft ended(RunStatus status, @Nullable String cause) {
        this.status = status;
        this.cause = cause;
        return this;
    }

    /** What the run was computed with. */
    public CommitDraft machine(String machine) {
        this.machine = machine;
        return this;
    }

    /** The rank of the run at this step. */
    public CommitDraft rank(int rank) {
        this.rank = rank;
        return this;
    }

    public CommitDraft rows(Snapshot... rows) {
        this.rows = List.of(rows);
        return this;
    }

    public CommitDraft plateaus(PlateauFound... plateaus) {
        this.plateaus = List.of(plateaus);
        return this;
    }

    public CommitDraft transitions(Transition... transitions) {
        this.transitions = List.of(transitions);
        return this;
    }

    public CommitDraft closing(@Nullable Snapshot row, @Nullable PlateauFound plateau) {
        closingRow = row;
        closingPlateau = plateau;
        return this;
    }

    public String run() {
        return run.id();
    }

    public Commit commit() {
        var progress = new Progress(step, step / 3.0, 1 / (step + 1.0), rank, plateaus.size(), null);
        return new Commit(
                run.id(),
                epoch,
                number,
                status,
                cause,
                machine,
                progress,
                TestRuns.checkpoint(step, run.architecture()),
                rows,
                plateaus,
                transitions,
                closingRow,
                closingPlateau);
    }
}
