package saddlefarm.experiment;

import saddlefarm.data.Task;
import saddlefarm.network.Loss;

/**
 * The widths that data ask of a network.
 *
 * @param inputs n_0
 * @param outputs n_L
 */
record DataWidths(int inputs, int outputs) {

    private static final DataWidths DIGITS = new DataWidths(64, 10);
    private static final DataWidths CIRCLE = new DataWidths(2, 1);

    /**
     * The widths of a task that goes with the loss. Only tasks from files are made for that, and those that are to be
     * checked for being distributions.
     *
     * @throws ExperimentException if there is no such task
     */
    static DataWidths of(DataSettings data, Loss loss, TaskLibrary tasks) {
        if (data instanceof DataSettings.Digits) {
            return DIGITS;
        }
        if (loss == Loss.MSE && data instanceof DataSettings.Teacher teacher) {
            return new DataWidths(teacher.dimension(), teacher.dimension());
        }
        if (loss == Loss.MSE && data instanceof DataSettings.CircleToy) {
            return CIRCLE;
        }
        Task task = tasks.task(data, loss);
        return new DataWidths(task.inputWidth(), task.outputWidth());
    }
}
