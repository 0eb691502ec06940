package saddlefarm.report;

import java.util.List;
import saddlefarm.analysis.Snapshot;

/** What a run's rows are drawn over. */
enum TimeAxis {
    STEP("step", "step", "steps"),
    FLOW_TIME("flow time t", "time", "flow time"),
    LOG_TIME("flow time t", "log-time", "log flow time");

    /** The part of a run's time that a logarithmic axis shows: earlier than this nothing happens that can be seen. */
    private static final double EARLIEST = 1e-4;

    private final String title;
    private final String key;
    private final String choice;

    TimeAxis(String title, String key, String choice) {
        this.choice = choice;
        this.title = title;
        this.key = key;
    }

    /** As it is written at the axis. */
    String title() {
        return title;
    }

    /** As it is chosen in the page. */
    String choice() {
        return choice;
    }

    /** In names of figures and classes of the page. */
    String key() {
        return key;
    }

    /** Where a row is. */
    double of(Snapshot row) {
        return this == STEP ? row.step() : row.flowTime();
    }

    /** Where something is that has a step and a flow time. */
    double of(long step, double flowTime) {
        return this == STEP ? step : flowTime;
    }

    /** The axis for rows in order of step, of which the last is later than 0. */
    Axis over(List<Snapshot> rows, double from, double to) {
        double last = rows.stream().mapToDouble(this::of).max().orElseThrow();
        if (this != LOG_TIME) {
            return new Axis(false, 0, last, from, to);
        }
        double first = rows.stream()
                .mapToDouble(this::of)
                .filter(time -> time > 0)
                .min()
                .orElseThrow();
        return new Axis(true, Math.max(EARLIEST * last, Math.min(first, last / 2)), last, from, to);
    }
}
