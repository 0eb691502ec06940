package saddlefarm.network;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import saddlefarm.linalg.Kernels;
import saddlefarm.linalg.PaddedMatrix;

/**
 * Memory for gradients, passed on from one to the next: how much is needed follows from how many are computed at once,
 * not from how many trainings there are. Safe for use by several threads.
 */
public final class Workspaces {

    private final int few;
    private final long mostBytes;
    private final ArrayDeque<Workspace> idle = new ArrayDeque<>();
    private long idleBytes;

    /**
     * @param few how many are kept in any case while nobody computes in them
     * @param mostBytes up to which more than these are kept; those that were idle longest go
     */
    public Workspaces(int few, long mostBytes) {
        this.few = few;
        this.mostBytes = mostBytes;
    }

    /** Bytes of one workspace, about. */
    public static long bytes(Architecture architecture, int samples) {
        long kept = Math.min(Panel.samples(architecture), samples);
        return Double.BYTES * (3L * architecture.parameters() + 2L * architecture.neurons() * kept);
    }

    Workspace take(Architecture architecture, PaddedMatrix inputs, PaddedMatrix targets, Kernels kernels) {
        @Nullable Workspace kept = takeKept(architecture, inputs.rows(), kernels);
        Workspace workspace = kept == null ? new Workspace(architecture, inputs.rows(), kernels) : kept;
        workspace.begin(inputs, targets);
        return workspace;
    }

    private synchronized @Nullable Workspace takeKept(Architecture architecture, int samples, Kernels kernels) {
        for (Iterator<Workspace> each = idle.iterator(); each.hasNext(); ) {
            Workspace workspace = each.next();
            if (workspace.serves(architecture, samples, kernels)) {
                each.remove();
                idleBytes -= workspace.bytes();
                return workspace;
            }
        }
        return null;
    }

    synchronized void give(Workspace workspace) {
        workspace.end();
        idle.addFirst(workspace);
        idleBytes += workspace.bytes();
        while (idle.size() > few && idleBytes > mostBytes) {
            idleBytes -= idle.removeLast().bytes();
        }
    }
}
