#!/usr/bin/env python3
"""Whole steps of gradient descent, side by side on one core: Saddlefarm with its own kernels and with OpenBLAS, NumPy and
PyTorch in turn, round by round.

Each round gives each of them one second for each shape; printed are the medians of steps a second over the rounds with
their least and greatest, and the median of the ratios within the rounds.

Needs python3-numpy, libopenblas0-pthread and, if it is there, python3-torch:  bench/compare.py [rounds [shape …]]
"""
import os
import statistics
import subprocess
import sys
import time

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import numpy as np

try:
    import torch

    torch.set_num_threads(1)
except ImportError:
    torch = None

RUN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "run")

SHAPES = [
    "64-100-100-100-10x1000",
    "64-64-64-64-64-64-10x256",
    "64-32-32-10x100",
    "10-10-10-10-10x500",
    "64-256-256-256-10x5000",
]


def parse(shape):
    widths, samples = shape.split("x")
    return [int(w) for w in widths.split("-")], int(samples)


def operations(shape):
    """Multiplications and additions of a step: three products a layer, but no gradient of the inputs."""
    widths, n = parse(shape)
    products = sum(i * o * (2 if l == 0 else 3) for l, (i, o) in enumerate(zip(widths, widths[1:])))
    return 2 * products * n


def peak():
    """GFLOP/s of this core."""
    line = subprocess.run([RUN, "--peak"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    print("peak: " + line, end="", flush=True)
    return float(line.split()[0])


def numpy_step(shape):
    """As well as it can be written: samples as rows, everything in place, no allocation."""
    widths, n = parse(shape)
    depth = len(widths) - 1
    random = np.random.default_rng(0)
    activations = [random.standard_normal((n, widths[0]))] + [np.empty((n, w)) for w in widths[1:]]
    targets = random.standard_normal((n, widths[-1]))
    weights = [random.standard_normal((i, o)) / np.sqrt(i) for i, o in zip(widths, widths[1:])]
    deltas = [np.empty_like(a) for a in activations]
    masks = [np.empty(a.shape, bool) for a in activations]
    gradients = [np.empty_like(w) for w in weights]

    def step():
        for l in range(depth):
            np.matmul(activations[l], weights[l], out=activations[l + 1])
            if l < depth - 1:
                np.maximum(activations[l + 1], 0, out=activations[l + 1])
        delta = np.subtract(activations[depth], targets, out=deltas[depth])
        loss = np.vdot(delta, delta) / (2 * n)
        np.multiply(delta, 1 / n, out=delta)
        square = 0.0
        for l in range(depth - 1, -1, -1):
            np.matmul(activations[l].T, deltas[l + 1], out=gradients[l])
            if l > 0:
                np.matmul(deltas[l + 1], weights[l].T, out=deltas[l])
                np.greater(activations[l], 0, out=masks[l])
                np.multiply(deltas[l], masks[l], out=deltas[l])
            square += np.vdot(gradients[l], gradients[l])
        for weight, gradient in zip(weights, gradients):
            np.multiply(gradient, 1e-4, out=gradient)
            np.subtract(weight, gradient, out=weight)
        return loss, square

    return step


def torch_step(shape):
    """Gradients by hand, in place: faster than autograd."""
    widths, n = parse(shape)
    depth = len(widths) - 1
    generator = torch.Generator().manual_seed(0)

    def gaussian(*size):
        return torch.randn(*size, dtype=torch.float64, generator=generator)

    activations = [gaussian(n, widths[0])] + [torch.empty(n, w, dtype=torch.float64) for w in widths[1:]]
    targets = gaussian(n, widths[-1])
    weights = [gaussian(i, o) / i**0.5 for i, o in zip(widths, widths[1:])]
    deltas = [torch.empty_like(a) for a in activations]
    gradients = [torch.empty_like(w) for w in weights]

    @torch.no_grad()
    def step():
        for l in range(depth):
            torch.mm(activations[l], weights[l], out=activations[l + 1])
            if l < depth - 1:
                activations[l + 1].clamp_(min=0)
        delta = torch.sub(activations[depth], targets, out=deltas[depth])
        loss = (delta * delta).sum().item() / (2 * n)
        delta.mul_(1 / n)
        square = 0.0
        for l in range(depth - 1, -1, -1):
            torch.mm(activations[l].t(), deltas[l + 1], out=gradients[l])
            if l > 0:
                torch.mm(deltas[l + 1], weights[l].t(), out=deltas[l])
                deltas[l].mul_(activations[l] > 0)
            square += torch.dot(gradients[l].flatten(), gradients[l].flatten()).item()
        for weight, gradient in zip(weights, gradients):
            weight.sub_(gradient, alpha=1e-4)
        return loss, square

    return step


class Java:
    def __init__(self):
        # On this one processor too: a process inherits where it may run.
        self.process = subprocess.Popen(
            [RUN, "--steps"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def measure(self, shape, seconds, backend="ordered"):
        self.process.stdin.write(f"{shape} {seconds} {backend}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline().split()[0])


def timed(step, seconds):
    begin = time.perf_counter()
    steps = 0
    while True:
        step()
        steps += 1
        elapsed = time.perf_counter() - begin
        if elapsed >= seconds:
            return steps / elapsed


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    most = peak()
    java = Java()
    for shape in sys.argv[2:] or SHAPES:
        steps = {"numpy": numpy_step(shape)}
        if torch:
            steps["torch"] = torch_step(shape)
        java.measure(shape, 4)
        java.measure(shape, 2, "openblas")
        for step in steps.values():
            timed(step, 0.5)
        results = {name: [] for name in ["saddlefarm", "openblas", *steps]}
        for _ in range(rounds):
            results["saddlefarm"].append(java.measure(shape, 1))
            results["openblas"].append(java.measure(shape, 1, "openblas"))
            for name, step in steps.items():
                results[name].append(timed(step, 1))
        print(shape)
        for name, values in results.items():
            ratio = statistics.median(s / v for s, v in zip(results["saddlefarm"], values))
            rate = statistics.median(values) * operations(shape) * 1e-9
            print(f"  {name:<11}{statistics.median(values):12.1f} steps/s  ({min(values):.1f} to {max(values):.1f})"
                  f"   {rate:5.1f} GFLOP/s, {rate / most:4.0%} of the peak"
                  + ("" if name == "saddlefarm" else f"   saddlefarm / {name} = {ratio:.2f}"), flush=True)


main()
