#!/usr/bin/env python3
"""What nodes carry together, and where their store becomes the limit.

First 120 runs that never end, on one node and on two of one training each, over a PostgreSQL of its own (Debian: postgresql):
steps a second of all. Then runs that are so small that they do little but commit, as often as they can: commits a second,
with each node's share. All of it on this machine, which has to have at least three processors for two nodes to be worth two.

    bench/scale.py [rounds [seconds]]        3 rounds of 30 seconds by default
"""
import os
import statistics
import sys
import tempfile
import time

from nodes import NOTED, Postgres, await_members, nodes_of, quietly

TRAINING = """
name = training
network { depth = 4, width = 50 }
data { source = digits, samples = 200 }
initialization.scale = 0.3
descent.learning-rate = 1e-6
stop.max-steps = 1000000000
observe { curvature = false }
sweep { initialization.seed = "range(0, 120)" }
"""
COMMITTING = """
name = committing
network { depth = 2, width = %d }
data { source = circle-toy }
descent.learning-rate = 1e-9
stop.max-steps = 1000000000000
observe { cadence = linear, every-steps = 1000000000, curvature = false }
checkpoint.every = 20ms
sweep { initialization.seed = "range(0, 200)" }
"""


def spread(values):
    return f"{statistics.median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"


def rates(nodes, what, rounds, seconds):
    """What grows by how much a second."""
    for _ in range(rounds):
        begin, before = time.time(), what(nodes)
        time.sleep(seconds)
        yield (what(nodes) - before) / (time.time() - begin)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 30
    print(f"{os.cpu_count()} processors")
    for text, name, what in (
            (TRAINING, "120 runs of 4 x 50: steps/s", lambda nodes: sum(n.metric("saddlefarm_farm_steps_total") for n in nodes)),
            (COMMITTING % 10, "200 runs of 2 x 10: commits/s", None),
            (COMMITTING % 2000, "200 runs of 2 x 2000: commits/s", None)):
        for count in (1, 2):
            with tempfile.TemporaryDirectory() as directory:
                experiment = os.path.join(directory, "experiment.conf")
                with open(experiment, "w") as out:
                    out.write(text)
                postgres = Postgres(directory)
                nodes = nodes_of(count, postgres.store(), directory)
                try:
                    for node in nodes:
                        node.start()
                    await_members(nodes)
                    postgres.ask(NOTED)
                    quietly("submit", experiment, "--to", f"http://127.0.0.1:{nodes[0].port}")
                    while postgres.number("SELECT COUNT(*) FROM run WHERE epoch = 0"):
                        time.sleep(0.5)
                    time.sleep(seconds)
                    counted = what or (lambda nodes: postgres.number("SELECT COUNT(*) FROM noted"))
                    print(f"{name}, nodes: {count}: {spread(list(rates(nodes, counted, rounds, seconds)))}", flush=True)
                finally:
                    for node in nodes:
                        node.end()
                    postgres.stop()


main()
