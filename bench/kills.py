#!/usr/bin/env python3
"""Kills a farm at random moments, again and again, and compares what it exports with an undisturbed farm's.

Thirty runs of a linear ladder, by gradient descent, some until an escape, and by gradient flow; after each kill (SIGKILL,
of the JVM) the same command goes on. A kill comes after up to a few seconds, so that some meet the farm while it starts,
opens its store or ends.
Prints how far the farm was at each, and whether the exports are the same bytes; exit code 1 if not.

    bench/kills.py [kills [seed]]        100 kills by default, some ten minutes
"""
import filecmp
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
EXPERIMENTS = {
    "descent.conf": """
name = descent
network { widths = [10, 20, 20, 10], activation = linear }
data { source = linear-teacher }
initialization { scale = 0.02 }
descent { learning-rate = 0.0157 }
stop { max-steps = 400000 }
observe { every-steps = 20 }
checkpoint { every = 100ms }
sweep { initialization.seed = "range(0, 10)", stop.after-escapes = [0, 3] }
""",
    "flow.conf": """
name = flow
network { widths = [10, 20, 20, 10] }
data { source = orthogonal-teacher }
initialization { scale = 0.2 }
descent { method = gradient-flow, tolerance = 1e-7 }
stop { max-flow-time = 3000 }
checkpoint { every = 100ms }
sweep { initialization.seed = "range(0, 10)" }
""",
}


def command(*arguments):
    return [os.path.join(ROOT, "saddlefarm"), *arguments]


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    with tempfile.TemporaryDirectory() as directory:
        files = []
        for name, text in EXPERIMENTS.items():
            files.append(os.path.join(directory, name))
            with open(files[-1], "w") as out:
                out.write(text)

        def start(out):
            return subprocess.Popen(
                command("run", *files, "--out", os.path.join(directory, out), "--no-progress"),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

        def export(out):
            to = os.path.join(directory, out + "-csv")
            subprocess.run(command("export", "--out", os.path.join(directory, out), "--format", "csv", "--to", to),
                           check=True, stderr=subprocess.DEVNULL)
            return to

        subprocess.run(command("--version"), check=True, stdout=subprocess.DEVNULL)
        begin = time.time()
        assert start("undisturbed").wait() == 0, "the undisturbed farm failed"
        undisturbed = time.time() - begin
        print(f"undisturbed: {undisturbed:.0f} s", flush=True)
        ended_first = 0
        for kill in range(1, kills + 1):
            farm = start("disturbed")
            after = chance.uniform(0, min(6, 2 + 2 * undisturbed / kills))
            try:
                # Nothing may have been left to do; then it is started and killed all the same.
                assert farm.wait(after) == 0, "the disturbed farm failed"
                ended_first += 1
            except subprocess.TimeoutExpired:
                os.killpg(farm.pid, signal.SIGKILL)
                farm.wait()
            if kill % 10 == 0 or kill == kills:
                print(f"kill {kill} of {kills}", flush=True)
        assert start("disturbed").wait() == 0, "the disturbed farm failed"
        one, other = export("undisturbed"), export("disturbed")
        names = sorted(os.listdir(one))
        same, different, missing = filecmp.cmpfiles(one, other, names, shallow=False)
        print(f"{kills - ended_first} kills, {ended_first} farms that had ended before; "
              f"{len(same)} of {len(names)} files of the export are the same bytes")
        sys.exit(1 if different or missing else 0)


main()
