#!/usr/bin/env python3
"""What nodes carry together, and where their store becomes the limit.

First 120 runs that never end, on one node and on two of one training each, over a PostgreSQL of its own (Debian: postgresql):
steps a second of all. The same with 10,000 of them, most of which wait: how long until as many train as the nodes carry.
Then runs that are so small that they do little but commit, as often as they can: commits a second. All of it on this machine,
which has to have at least three processors for two nodes to be worth two.

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
sweep { initialization.seed = "range(0, %d)" }
"""
CARRIED = 500  # farm.max-active-runs
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


def steps(nodes):
    return sum(node.metric("saddlefarm_farm_steps_total") for node in nodes)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 30
    print(f"{os.cpu_count()} processors")
    for text, name, what in (
            (TRAINING % 120, "120 runs of 4 x 50: steps/s", steps),
            (TRAINING % 10000, "10,000 runs of 4 x 50: steps/s", steps),
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
                    begin = time.time()
                    quietly("submit", experiment, "--to", f"http://127.0.0.1:{nodes[0].port}")
                    submitted = time.time()
                    runs = postgres.number("SELECT COUNT(*) FROM run")
                    while postgres.number("SELECT COUNT(*) FROM run WHERE status = 'running'") < min(runs, count * CARRIED):
                        time.sleep(0.5)
                    print(f"{name}, nodes: {count}: submitted in {submitted - begin:.1f} s, all that nodes carry train"
                          f" {time.time() - submitted:.1f} s later", flush=True)
                    time.sleep(seconds)
                    counted = what or (lambda nodes: postgres.number("SELECT COUNT(*) FROM noted"))
                    print(f"{name}, nodes: {count}: {spread(list(rates(nodes, counted, rounds, seconds)))}", flush=True)
                finally:
                    for node in nodes:
                        node.end()
                    postgres.stop()


main()
