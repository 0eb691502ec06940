package saddlefarm.data;

import org.ejml.data.DMatrixRMaj;

/** Images with class labels as a task. */
final class Labelled {

    private Labelled() {}

    /**
     * Centres each pixel over the samples and turns labels into targets.
     *
     * @param pixels [N × n_0]; becomes the task's
     * @param labels N classes from 0
     * @param classes K
     */
    static Task task(DMatrixRMaj pixels, int[] labels, int classes, Targets targets) {
        for (int j = 0; j < pixels.numCols; j++) {
            double sum = 0;
            for (int n = 0; n < pixels.numRows; n++) {
                sum += pixels.get(n, j);
            }
            double mean = sum / pixels.numRows;
            for (int n = 0; n < pixels.numRows; n++) {
                pixels.set(n, j, pixels.get(n, j) - mean);
            }
        }
        var oneHot = new DMatrixRMaj(labels.length, classes);
        double mean = targets == Targets.CENTRED ? 1.0 / classes : 0;
        for (int n = 0; n < labels.length; n++) {
            for (int k = 0; k < classes; k++) {
                oneHot.set(n, k, (k == labels[n] ? 1 : 0) - mean);
            }
        }
        return new Task(pixels, oneHot);
    }
}
