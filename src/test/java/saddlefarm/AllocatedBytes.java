package saddlefarm;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.NullMarked;

/** How much memory a thread takes from the heap. */
@NullMarked
public final class AllocatedBytes {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int ROUNDS = 50;

    private AllocatedBytes() {}

    /**
     * The least that this thread allocates while an action runs the given number of times, over some rounds: in the
     * first ones classes are loaded, scratch memory gets its size, and vectors are objects until the code is compiled.
     */
    public static long of(Runnable action, int times) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least >= times; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            repeat(action, times);
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static void repeat(Runnable action, int times) {
        for (int i = 0; i < times; i++) {
            action.run();
        }
    }
}
