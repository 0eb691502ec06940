package saddlefarm.analysis;

import java.util.List;

/**
 * An eigenvector of the Hessian that leads down: a way out of a saddle.
 *
 * @param eigenvalue λ < 0
 * @param residual {@code ‖Hv − λv‖ / max|λ|} of the unit eigenvector, ≥ 0
 * @param energies the part of its square in each layer, weights and biases together; sum 1
 * @param ratios σ_1/σ_2 of each layer's weights, ≥ 1; infinite where it is of rank one, see {@link DirectionShape}
 */
public record EscapeMode(double eigenvalue, double residual, List<Double> energies, List<Double> ratios) {

    public EscapeMode {
        energies = List.copyOf(energies);
        ratios = List.copyOf(ratios);
        if (energies.isEmpty() || energies.size() != ratios.size()) {
            throw new IllegalArgumentException(
                    "%d layers have an energy and %d a ratio".formatted(energies.size(), ratios.size()));
        }
    }
}
