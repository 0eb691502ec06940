package saddlefarm.analysis;

import java.util.function.ToDoubleFunction;
import saddlefarm.network.Parameters;

/**
 * What of a point only the task can tell. Each is a function of its arguments, and is asked by one thread at a time.
 *
 * @param curvature the ends of the Hessian's spectrum
 * @param saddle the anatomy of a saddle
 * @param speed −L0(θ)/c^L with c = ‖θ‖/√L of weights without biases, see {@link Escape#speed}
 */
public record Probes(Curvature.Probe curvature, SaddleProbe saddle, ToDoubleFunction<Parameters> speed) {}
