package saddlefarm.farm;

import java.util.List;
import java.util.Optional;
import saddlefarm.experiment.ExperimentException;
import saddlefarm.experiment.RunSpec;

/**
 * Which runs a farm cannot train because they would not fit even by themselves. Such a run would end the farm, and
 * again each time that the farm takes it up.
 *
 * @param workshop whose estimates count
 * @param mostBytes that a run may need, see {@link FarmSettings#maxMemory}
 */
public record MemoryLimit(Workshop workshop, long mostBytes) {

    /** Why a run cannot be trained here; empty if it can. */
    public Optional<String> refusal(RunSpec run) {
        long needed = workshop.memoryByItself(run);
        return needed <= mostBytes
                ? Optional.empty()
                : Optional.of("it needs about %s of memory and may need %s at most (farm.max-memory)"
                        .formatted(text(needed), text(mostBytes)));
    }

    /**
     * Requires that runs can be trained here, before anything is stored of them.
     *
     * @throws ExperimentException if one of them cannot
     */
    public void require(List<RunSpec> runs) {
        for (RunSpec run : runs) {
            refusal(run).ifPresent(why -> {
                throw new ExperimentException("run %s of %s cannot be trained here: %s%s"
                        .formatted(
                                run.id(),
                                run.experiment(),
                                why,
                                run.swept().isEmpty() ? "" : "; it has " + run.swept()));
            });
        }
    }

    /** A number of bytes as people read it. */
    public static String text(long bytes) {
        return bytes < 10_000_000
                ? "%d kB".formatted(bytes / 1000 + 1)
                : bytes < 10_000_000_000L
                        ? "%d MB".formatted(bytes / 1_000_000)
                        : "%d GB".formatted(bytes / 1_000_000_000);
    }
}
