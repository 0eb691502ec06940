#!/usr/bin/env python3
"""Kills nodes of a farm of three again and again, and compares what it exports with a farm of one node.

300 runs of a linear ladder on three nodes of this machine over a PostgreSQL of its own (Debian: postgresql). One node after
the other is killed (SIGKILL) and started again, the head among them; at last one is asked to end (SIGTERM). A node that ends by
itself is started again, too: it does when it is one of two that are there and loses the other. Prints for each kill how long it took until all runs of that node went on elsewhere, how the runs of the node that was asked to end were
left, what was logged, and whether the exports are the same bytes; exit code 1 if not, or if two nodes committed a run at once.

    bench/cluster.py [kills [seconds between them [runs]]]        15 kills, one every 20 s, and 300 runs by default
"""
import filecmp
import os
import re
import signal
import statistics
import sys
import tempfile
import time

from nodes import NOTED, Postgres, await_members, nodes_of, quietly, whose

NODES = 3
EXPERIMENT = """
name = ladders
network { widths = [10, 20, 20, 10], activation = linear }
data { source = linear-teacher }
initialization { scale = 0.02 }
descent { learning-rate = 0.0157 }
stop { max-steps = 100000 }
observe { every-steps = 2000 }
checkpoint { every = 5s }
sweep { initialization.seed = "range(0, %d)" }
"""
LAST = "(SELECT DISTINCT ON (run) run, number, status, client FROM noted%s ORDER BY run, number DESC) AS last"


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    period = float(sys.argv[2]) if len(sys.argv) > 2 else 20
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 300
    with tempfile.TemporaryDirectory() as directory:
        experiment = os.path.join(directory, "ladders.conf")
        with open(experiment, "w") as out:
            out.write(EXPERIMENT % runs)
        begin = time.time()
        quietly("run", experiment, "--out", os.path.join(directory, "single"), "--no-progress")
        print(f"one node: {runs} runs in {time.time() - begin:.0f} s", flush=True)

        postgres = Postgres(directory)
        nodes = nodes_of(NODES, postgres.store(), directory)
        try:
            for node in nodes:
                node.start()
            await_members(nodes)
            postgres.ask(NOTED)
            begin = time.time()
            quietly("submit", experiment, "--to", f"http://127.0.0.1:{nodes[0].port}")
            while postgres.number("SELECT COUNT(DISTINCT run) FROM noted") < runs:
                time.sleep(0.5)
            print(f"all {runs} runs have committed after {time.time() - begin:.0f} s", flush=True)
            delays = []
            for kill in range(kills):
                node = nodes[kill % NODES]
                since = time.time()
                node.kill()
                number = postgres.number("SELECT MAX(number) FROM noted")
                lost = [row[0] for row in postgres.ask(
                    f"SELECT run FROM {LAST % ''} WHERE client LIKE {whose(node.process)} AND status = 'running'")]
                node.start()
                claimed = since
                while lost:
                    # A run goes on when it is claimed: it has another epoch than its last commit had.
                    lost = [row[0] for row in postgres.ask(
                        "SELECT run.id FROM run JOIN (SELECT run, MAX(epoch) AS epoch FROM noted"
                        f" WHERE number <= {number} GROUP BY run) AS before ON before.run = run.id"
                        " WHERE run.epoch = before.epoch AND run.id IN (" + ",".join(f"'{each}'" for each in lost) + ")")]
                    claimed = time.time()
                    time.sleep(0.2)
                delays.append(claimed - since)
                done = postgres.number("SELECT COUNT(*) FROM run WHERE status = 'completed'")
                print(f"kill {kill + 1} of {kills}: its runs went on after {delays[-1]:.1f} s;"
                      f" {done} runs are completed", flush=True)
                time.sleep(max(0, since + period - time.time()))
            print(f"nodes that ended by themselves: {sum(node.ended for node in nodes)}")
            print(f"runs of a killed node went on after {statistics.median(delays):.1f}"
                  f" ({min(delays):.1f} to {max(delays):.1f}) s", flush=True)

            await_members(nodes)
            ended = nodes[kills % NODES].process
            since = time.time()
            ended.send_signal(signal.SIGTERM)
            ended.wait()
            took = time.time() - since
            left = {row[0]: int(row[1]) for row in postgres.ask(
                f"SELECT status, COUNT(*) FROM {LAST % (' WHERE client LIKE ' + whose(ended))} GROUP BY status")}
            print(f"SIGTERM: ended after {took:.1f} s; the last that it committed of its runs says {left}", flush=True)
            nodes[kills % NODES].start()

            while postgres.number("SELECT COUNT(*) FROM run WHERE status <> 'completed'"):
                time.sleep(1)
            print(f"all are completed after {time.time() - begin:.0f} s", flush=True)
            at_once = postgres.number("SELECT COUNT(*) FROM (SELECT 1 FROM noted GROUP BY run, epoch"
                                      " HAVING COUNT(DISTINCT client) > 1) AS shared")
            late = postgres.number("SELECT COUNT(*) FROM noted a JOIN noted b ON a.run = b.run AND a.number < b.number"
                                   " AND a.epoch > b.epoch")
            print(f"{postgres.number('SELECT COUNT(*) FROM noted')} commits; owners of two processes: {at_once},"
                  f" commits after those of a later owner: {late}")
            logged = {}
            for node in nodes:
                for line in open(node.log):
                    match = re.match(r"[\d:]+ (WARN|ERROR) +(s\.\S+ .*)", line)
                    if match:
                        what = re.sub(r"[0-9a-f]{12}|\d+", "N", match[2])
                        logged[what] = logged.get(what, 0) + 1
            for what, times in sorted(logged.items()):
                print(f"  logged {times} times: {what.strip()[:150]}")

            one, other = os.path.join(directory, "one"), os.path.join(directory, "other")
            quietly("export", "--out", os.path.join(directory, "single"), "--format", "csv", "--to", one)
            quietly("export", "--format", "csv", "--to", other, env={**os.environ, **postgres.store()})
            names = sorted(os.listdir(one))
            same, different, missing = filecmp.cmpfiles(one, other, names, shallow=False)
            print(f"{len(same)} of {len(names)} files of the export are the same bytes")
            sys.exit(1 if different or missing or at_once or late else 0)
        finally:
            for node in nodes:
                node.end()
            postgres.stop()


main()
