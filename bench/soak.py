#!/usr/bin/env python3
"""Lets a farm that serves work for long, and looks for what grows.

Experiments of six kinds are submitted over the API: some end within a second, some never by themselves. At random moments
runs and whole experiments are paused, resumed and cancelled, the same experiments submitted again, and everything that can
be read is read. Printed is a line for each of sixty moments. `heap` is what is alive after a full collection; soft references
are let go half a second after their use, so that no cache counts.

In the end: slopes over the last two thirds, by least squares, with twice their standard errors; what is alive while nothing
trains beside what was alive before, when the farm had seen every kind; answers, statuses and orders. Then the farm is told
to end while runs train, and started again. Exit code 1 if anything was not as the API promises.

    bench/soak.py [minutes [runs [seed]]]        30 minutes and 500 runs by default; needs a JDK's jcmd
"""
import collections
import heapq
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
OPTIONS = "-Xmx512m -XX:SoftRefLRUPolicyMSPerMB=1"
MOMENTS = 60
ENDLESS = "endless"
KINDS = {
    "linear": """
network { widths = [10, 20, 20, 10], activation = linear }
data { source = linear-teacher }
initialization { scale = 0.02 }
descent { learning-rate = 0.0157 }
stop { max-steps = 300000 }
""",
    "relu": """
network { widths = [10, 30, 30, 10] }
data { source = relu-teacher }
initialization { scale = 0.1 }
descent { learning-rate = 0.01 }
stop { max-steps = 100000 }
""",
    "flow": """
network { widths = [10, 20, 20, 10] }
data { source = orthogonal-teacher }
initialization { scale = 0.2 }
descent { method = gradient-flow, tolerance = 1e-5 }
stop { max-flow-time = 1000 }
""",
    "digits": """
network { depth = 3, width = 20 }
data { source = digits, samples = 100 }
loss = cross-entropy
initialization { scale = 0.2 }
descent { learning-rate = 0.1 }
stop { max-steps = 5000 }
""",
    "diverging": """
network { depth = 3, width = 20 }
data { source = linear-teacher }
descent { learning-rate = 10 }
stop { max-steps = 1000 }
""",
    ENDLESS: """
network { widths = [10, 20, 20, 10], activation = linear }
data { source = linear-teacher }
initialization { scale = 0.02 }
descent { learning-rate = 0.0157 }
stop { max-steps = 1000000000000 }
""",
}
OVER = {"completed", "diverged"}
ENDED = OVER | {"cancelled", "failed"}
# What a run may be once an order has been carried out.
DONE = {"pause": ENDED | {"paused"}, "resume": ENDED | {"queued", "running"}, "cancel": ENDED}
# Statuses that an order does not suit: 409.
UNSUITED = {"pause": ENDED, "resume": OVER, "cancel": ENDED - {"cancelled"}}


class Farm:
    """`saddlefarm serve` as a process, and what it answers."""

    def __init__(self, out):
        self.unexpected = []
        self.asked = collections.Counter()
        self.process = subprocess.Popen(
            [os.path.join(ROOT, "saddlefarm"), "serve", "--out", out, "--port", "0", "--no-progress"],
            stderr=subprocess.PIPE, text=True, env={**os.environ, "SADDLEFARM_JAVA_OPTIONS": OPTIONS})
        for line in self.process.stderr:
            serving = re.match(r"Serving (\S+), (\d+) runs to go on with", line)
            if serving:
                self.url, self.went_on = serving[1], int(serving[2])
                return
        sys.exit("the farm did not start")

    def ask(self, path, body=None, expected=(200,)):
        """The answer's document, or text where it is none; a body, be it empty, makes it a POST."""
        request = urllib.request.Request(
            self.url + path, data=body, headers={} if body is None else {"Content-Type": "application/hocon"})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                status, kind, text = response.status, response.headers.get_content_type(), response.read()
        except urllib.error.HTTPError as error:
            with error:
                status, kind, text = error.code, error.headers.get_content_type(), error.read()
        self.asked[status] += 1
        self.expect(status in expected, f"{path}: {status} {text[:200]}")
        self.expect(status < 400 or kind == "application/problem+json", f"{path}: an error as {kind}")
        return status, json.loads(text) if kind.endswith("json") else text.decode()

    def get(self, path):
        return self.ask("/api/v1" + path)[1]

    def runs(self, query=""):
        return self.get("/runs?limit=10000" + query)["runs"]

    def metrics(self):
        text = self.ask("/metrics")[1]
        self.expect("saddlefarm_farm_runs{" in text, "/metrics without the farm's runs")

    def expect(self, condition, otherwise):
        if not condition:
            print("NOT AS EXPECTED", otherwise, flush=True)
            self.unexpected.append(otherwise)

    def alive(self):
        """Bytes of each class after a full collection."""
        histogram = subprocess.run(["jcmd", str(self.process.pid), "GC.class_histogram"],
                                   stdout=subprocess.PIPE, text=True, check=True).stdout
        return collections.Counter({
            name: int(size) for size, name in re.findall(r"^ *\d+: +\d+ +(\d+)  (\S+)", histogram, re.MULTILINE)})

    def state(self):
        process = f"/proc/{self.process.pid}"
        with open(process + "/status") as file:
            status = dict(line.split(":", 1) for line in file)
        return {
            "threads": int(status["Threads"]),
            "handles": len(os.listdir(process + "/fd")),
            "resident MB": int(status["VmRSS"].split()[0]) / 1024,
        }

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        rest = self.process.communicate()[1]
        self.expect(self.process.returncode == 143, f"exit code {self.process.returncode} after SIGTERM: {rest}")
        return self.process.returncode


class Soak:
    """What is asked of a farm, and what was promised."""

    def __init__(self, farm, chance):
        self.farm = farm
        self.chance = chance
        self.bodies = {}  # by experiment
        self.ids = {}  # by experiment
        self.orders = collections.Counter()
        self.last = {}  # order by run
        self.over = {}  # runs that have come to their own end, with their status
        self.actions = [self.read_run, self.read_rows, self.read_findings, self.read_events, self.farm.metrics,
                        self.submit_again, self.order_run, self.order_run, self.order_experiment, self.ask_wrongly]

    def submit(self, kind, runs):
        name = f"{kind}-{len(self.bodies)}"
        self.bodies[name] = (f"name = {name}\n{KINDS[kind]}data.seed = {len(self.bodies)}\ncheckpoint.every = 1s\n"
                             f'sweep {{ initialization.seed = "range(0, {runs})" }}\n').encode()
        self.ids[name] = self.post(name)
        self.farm.expect(len(self.ids[name]) == runs, f"{len(self.ids[name])} runs of {name}")
        return name

    def submit_again(self):
        name = self.chance.choice(list(self.bodies))
        self.farm.expect(self.post(name) == self.ids[name], f"other runs of {name} when it was submitted again")

    def post(self, name):
        return [run["run"] for run in self.farm.ask("/api/v1/experiments", self.bodies[name], {202})[1]["runs"]]

    def act(self):
        self.chance.choice(self.actions)()

    def some_run(self):
        return self.chance.choice(self.ids[self.chance.choice(list(self.ids))])

    def read_run(self):
        run = self.some_run()
        self.farm.expect(self.farm.get(f"/runs/{run}")["run"] == run, f"another run than {run}")

    def read_rows(self):
        run = self.some_run()
        rows = self.farm.get(f"/runs/{run}/snapshots?points=100")
        steps = rows["step"]
        self.farm.expect(steps == sorted(set(steps)) and len(steps) == len(rows["loss"]), f"rows of {run}")
        self.farm.get(f"/runs/{run}/singular-values?points=100")

    def read_findings(self):
        after = 0
        while after is not None:
            page = self.farm.get(f"/findings?limit=500&after={after}")
            sequences = [after] + [finding["sequence"] for finding in page["findings"]]
            self.farm.expect(sequences == sorted(set(sequences)), f"order of findings after {after}")
            after = page["next"]

    def read_events(self):
        """Up to what is live; then the client is gone without a word."""
        with urllib.request.urlopen(self.farm.url + "/api/v1/events", timeout=60) as stream:
            self.farm.asked[stream.status] += 1
            self.farm.expect(b"event: live\n" in stream, "a stream of events without an end of what is stored")

    def ask_wrongly(self):
        self.farm.ask("/api/v1/runs/none", expected={404})
        self.farm.ask("/api/v1/runs?colour=red", expected={400})
        self.farm.ask("/api/v1/experiments", b"name = wrong\nnetwork.depht = 3\n", {400})

    def order_run(self):
        order = self.some_order()
        candidates = self.farm.runs("&status=" + ("paused" if order == "resume" else "running"))
        if candidates:
            self.order("runs", self.chance.choice(candidates)["run"], order)

    def order_experiment(self):
        unfinished = {run["experiment"] for run in self.farm.runs() if run["status"] not in ENDED}
        if unfinished:
            self.order("experiments", self.chance.choice(sorted(unfinished)), self.some_order())

    def some_order(self):
        return self.chance.choices(["pause", "resume", "cancel"], [4, 5, 1])[0]

    def order(self, what, name, order):
        status, answer = self.farm.ask(f"/api/v1/{what}/{name}/{order}", b"", {202, 409})
        self.orders[f"{order} {what}"] += 1
        if status == 202:
            self.last.update((run["run"], order) for run in answer["runs"])
        else:
            meant = [run for run in self.farm.runs() if name in (run["run"], run["experiment"])]
            self.farm.expect(all(run["status"] in UNSUITED[order] for run in meant), f"{order} {name}: {answer}")

    def look(self):
        """All runs by status; what is over stays as it is."""
        runs = self.farm.runs()
        for run in runs:
            before = self.over.get(run["run"])
            self.farm.expect(before in (None, run["status"]), f"{run['run']} was {before} and is {run['status']}")
            if run["status"] in OVER:
                self.over[run["run"]] = run["status"]
        return collections.Counter(run["status"] for run in runs)

    def settle(self):
        """Waits until the last order to each run has been carried out."""
        def unsettled():
            return [run for run in self.farm.runs()
                    if run["run"] in self.last and run["status"] not in DONE[self.last[run["run"]]]]
        wait(lambda: not unsettled(), 30)
        self.farm.expect(not unsettled(), f"orders not carried out: {unsettled()}")

    def idle(self):
        """Cancels what has not ended; returns what is alive when nothing trains and no theory is worked out any more."""
        for experiment in {run["experiment"] for run in self.farm.runs() if run["status"] not in ENDED}:
            self.order("experiments", experiment, "cancel")
        wait(lambda: all(run["status"] in ENDED for run in self.farm.runs()), 60)
        counts = self.look()
        self.farm.expect(set(counts) <= ENDED - {"failed"}, f"runs in the end: {counts}")

        def busy():
            alive = self.farm.alive()
            return "saddlefarm.farm.RunSupervisor" in alive or "saddlefarm.farm.Predictor" in alive
        self.farm.expect(wait(lambda: not busy(), 600), "actors of runs that have ended")
        # Runs that have ended leave the metrics after two scrapes, what was softly reachable goes within a second.
        for _ in range(3):
            self.farm.metrics()
            self.farm.alive()
            time.sleep(1)
        return self.farm.alive()


def wait(condition, seconds):
    """Whether a condition came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


def megabytes(directory):
    return sum(entry.stat().st_size for entry in os.scandir(directory)) / 1e6


def slope(hours, values):
    """By least squares, with twice its standard error."""
    line = statistics.linear_regression(hours, values)
    residuals = sum((y - line.intercept - line.slope * x) ** 2 for x, y in zip(hours, values))
    spread = sum((x - statistics.fmean(hours)) ** 2 for x in hours)
    return line.slope, 2 * (residuals / (len(hours) - 2) / spread) ** 0.5


def sizes(runs, chance):
    """Runs of each experiment."""
    while runs > 0:
        size = min(runs, chance.randint(1, 8))
        yield size
        runs -= size


def work(soak, out, minutes, runs):
    """Prints the table; returns its rows."""
    seconds = 60 * minutes
    experiments = list(sizes(runs, soak.chance))
    begin = time.monotonic()
    due = [(seconds * (i + 1) / MOMENTS, "sample", i) for i in range(MOMENTS)]
    due += [(0.97 * seconds * i / len(experiments), "submit", i) for i in range(len(experiments))]
    heapq.heapify(due)
    rows = []
    while due:
        if time.monotonic() - begin < due[0][0]:
            soak.act()
            time.sleep(min(soak.chance.expovariate(2), max(0, due[0][0] - (time.monotonic() - begin))))
            continue
        _, what, which = heapq.heappop(due)
        if what == "submit":
            kind = soak.chance.choice(list(KINDS))
            name = soak.submit(kind, experiments[which])
            if kind == ENDLESS:
                end = time.monotonic() - begin + seconds * soak.chance.uniform(0.02, 0.12)
                heapq.heappush(due, (min(end, seconds), "cancel", name))
        elif what == "cancel":
            soak.order("experiments", which, "cancel")
        else:
            counts = soak.look()
            rows.append({
                "minute": (time.monotonic() - begin) / 60,
                "runs": counts.total(),
                "training": counts["running"],
                "paused": counts["paused"],
                "heap MB": soak.farm.alive().total() / 1e6,
                **soak.farm.state(),
                "store MB": megabytes(out),
            })
            if which == 0:
                print("  ".join(rows[0]))
            print("  ".join(f"{value:{len(name)}.{2 if name == 'heap MB' else 1 if type(value) is float else 0}f}"
                            for name, value in rows[-1].items()), flush=True)
    return rows


def grown(before, after, runs):
    print(f"alive while nothing trains: {before.total() / 1e6:.3f} MB before, {after.total() / 1e6:.3f} MB after {runs} more"
          f" runs, {(after.total() - before.total()) / runs:.0f} bytes a run; most of it:")
    after.subtract(before)
    for name, size in after.most_common(15):
        print(f"  {size / runs:8.1f} bytes a run  {name}")


def end_and_go_on(soak, out):
    """Ends the farm while runs train, and a second one that has gone on with them; returns what the second did not like."""
    farm = soak.farm
    name = soak.submit(ENDLESS, 3)

    def steps(of):
        return {run["run"]: run["steps"] or 0 for run in of.runs("&status=running&experiment=" + name)}
    farm.expect(wait(lambda: len(steps(farm)) == 3 and all(steps(farm).values()), 60), "three runs with a commit")
    left = steps(farm)
    print(f"SIGTERM while {len(left)} runs train: exit code {farm.end()}")
    second = Farm(out)
    second.expect(second.went_on == len(left), f"{second.went_on} runs to go on with")
    second.expect(wait(lambda: len(steps(second)) == 3 and all(steps(second)[run] > left[run] for run in left), 60),
                  "the runs go on")
    print(f"started again: {second.went_on} runs go on; SIGTERM: exit code {second.end()}")
    return second.unexpected


def main():
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    subprocess.run([os.path.join(ROOT, "saddlefarm"), "--version"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as out:
        farm = Farm(out)
        try:
            soak = Soak(farm, chance)
            for kind in KINDS:
                soak.submit(kind, 4)
            for _ in range(200):
                soak.act()
            before = soak.idle()
            print(f"warm after {soak.look().total()} runs, {farm.asked.total()} requests", flush=True)

            rows = work(soak, out, minutes, runs)
            soak.settle()
            after = soak.idle()

            later = rows[len(rows) // 3:]
            for name in ("heap MB", "threads", "handles"):
                change, error = slope([row["minute"] / 60 for row in later], [row[name] for row in later])
                print(f"{name}: {change:+.2f} ± {error:.2f} an hour")
            grown(before, after, runs)
            print("runs: " + ", ".join(f"{count} {status}" for status, count in sorted(soak.look().items())))
            print("orders: " + ", ".join(f"{count} {order}" for order, count in sorted(soak.orders.items())))
            print("answers: " + ", ".join(f"{count} of {status}" for status, count in sorted(farm.asked.items())), flush=True)
            unexpected = end_and_go_on(soak, out) + farm.unexpected
        finally:
            farm.process.kill()
    print(f"not as expected: {len(unexpected)}")
    sys.exit(1 if unexpected else 0)


main()
