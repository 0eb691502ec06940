package saddlefarm;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.NullMarked;

/** How much memory a thread takes from the heap. */
@NullMarked
public final class AllocatedBytes {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocatedBytes() {}

    /**
     * The bytes that this thread allocates while an action runs the given number of times, after half as many times
     * that do not count: classes are loaded and scratch memory has its size by then.
     */
    public static long of(Runnable action, int times) {
        repeat(action, times / 2);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        repeat(action, times);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static void repeat(Runnable action, int times) {
        for (int i = 0; i < times; i++) {
            action.run();
        }
    }
}
