#!/usr/bin/env python3
"""What it costs a farm to be watched, and how soon those who watch it know.

1,000 runs of six layers train on all cores, and each row has ten singular values of each layer. Rounds of nobody watching, of a
scrape every five seconds, and of fifty clients of the event stream of whom one never reads, in turn; steps a second of
each. Then scrapes one after the other, and requests for a run and for a hundred, and what the farm holds with the fifty clients
and without. At last runs that go through saddles quickly: from when the farm prints that one was left until a client of the
event stream has heard of the transition.

    bench/observe.py [rounds [seconds]]        12 rounds of three times 15 seconds by default; needs a JDK's jcmd
"""
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
RUNS = 1000
CLIENTS = 50
WIDE = """
name = watched
network { depth = 6, width = 20 }
data { source = digits, samples = 100 }
initialization.scale = 0.3
descent.learning-rate = 1e-6
stop.max-steps = 1000000000
observe { curvature = false, singular-values = 10 }
sweep { initialization.seed = "range(0, %d)" }
""" % RUNS
LADDERS = """
name = ladders
network { widths = [10, 20, 20, 10], activation = linear }
data { source = linear-teacher }
initialization { scale = 0.02 }
descent { learning-rate = 0.0157 }
stop { loss = 1e-4, max-steps = 300000 }
sweep { initialization.seed = "range(0, 30)" }
"""


class Farm:
    """`saddlefarm serve` as a process."""

    def __init__(self, out):
        environment = {**os.environ, "SADDLEFARM_FARM_MAX_ACTIVE_RUNS": str(RUNS)}
        self.process = subprocess.Popen(
            [os.path.join(ROOT, "saddlefarm"), "serve", "--out", out, "--port", "0"],
            stderr=subprocess.PIPE, text=True, env=environment)
        self.left = {}
        for line in self.process.stderr:
            serving = re.match(r"Serving http://(\S+):(\d+),", line)
            if serving:
                self.address = (serving[1], int(serving[2]))
                break
        else:
            sys.exit("the farm did not start")
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        """Notes when each plateau is told to have been left, as run:place of the transition."""
        for line in self.process.stderr:
            left = re.match(r"([0-9a-f]{12}).*  left plateau (\d+):", line)
            if left:
                self.left[f"{left[1]}:{2 * int(left[2]) + 1}"] = time.monotonic()

    def url(self, path):
        return "http://%s:%d%s" % (*self.address, path)

    def submit(self, experiment):
        request = urllib.request.Request(
            self.url("/api/v1/experiments"), data=experiment.encode(), headers={"Content-Type": "application/hocon"})
        return json.load(urllib.request.urlopen(request))["runs"]

    def get(self, path):
        return json.load(urllib.request.urlopen(self.url(path)))

    def scrape(self):
        """A scrape, and the seconds that it took."""
        begin = time.monotonic()
        text = urllib.request.urlopen(self.url("/metrics")).read().decode()
        return text, time.monotonic() - begin

    def steps(self):
        text, _ = self.scrape()
        return float(re.search(r"^saddlefarm_farm_steps_total (\S+)", text, re.MULTILINE)[1]), time.monotonic()

    def alive(self):
        """Megabytes alive after a full collection."""
        histogram = subprocess.run(["jcmd", str(self.process.pid), "GC.class_histogram"],
                                   stdout=subprocess.PIPE, text=True, check=True).stdout
        return int(re.search(r"^Total +\d+ +(\d+)", histogram, re.MULTILINE)[1]) / 1e6


class Client(threading.Thread):
    """Reads the event stream, or, stalled, only asks for it."""

    def __init__(self, farm, stalled=False):
        super().__init__(daemon=True)
        self.socket = socket.create_connection(farm.address)
        self.socket.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.bytes = 0
        self.longest_silence = 0
        self.heard = {}
        if not stalled:
            self.start()

    def run(self):
        before = time.monotonic()
        rest = b""
        while True:
            try:
                piece = self.socket.recv(1 << 16)
            except OSError:
                return
            if not piece:
                return
            now = time.monotonic()
            self.longest_silence = max(self.longest_silence, now - before)
            before = now
            self.bytes += len(piece)
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                found = re.match(rb'data: {"id":"([0-9a-f]{12}:\d*[13579])"', line)
                if found:
                    self.heard.setdefault(found[1].decode(), now)

    def end(self):
        self.socket.close()


def rate(farm, seconds, watch):
    """Steps a second while somebody watches."""
    steps, begin = farm.steps()
    watch(begin + seconds)
    more, end = farm.steps()
    return (more - steps) / (end - begin)


def nobody(until):
    time.sleep(max(0, until - time.monotonic()))


def spread(values, form="%.0f"):
    return (form + " (" + form + " to " + form + ")") % (statistics.median(values), min(values), max(values))


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 15
    with tempfile.TemporaryDirectory() as directory:
        farm = Farm(directory)
        try:
            measure(farm, rounds, seconds)
        finally:
            farm.process.terminate()
            farm.process.wait()


def measure(farm, rounds, seconds):
    farm.submit(WIDE)
    while True:
        text, _ = farm.scrape()
        if text.count("saddlefarm_run_loss{") == RUNS:
            break
        time.sleep(1)
    time.sleep(15)
    values = text.count("saddlefarm_layer_singular_value{")
    dropped = re.search(r"^saddlefarm_farm_series_dropped (\S+)", text, re.MULTILINE)[1]
    lines = sum(line.startswith("saddlefarm_") for line in text.splitlines())
    print(f"{lines:,} series of the farm in a scrape, {len(text) / 1e6:.1f} MB;"
          f" {values:,} singular values, {dropped} dropped", flush=True)

    def scraped(until):
        while time.monotonic() + 5 <= until:
            next_one = time.monotonic() + 5
            farm.scrape()
            nobody(next_one)
        nobody(until)

    def followed(until):
        clients = [Client(farm, stalled=i == 0) for i in range(CLIENTS)]
        nobody(until)
        for client in clients:
            client.end()
        followed.silence.append(max(client.longest_silence for client in clients[1:]))
        followed.bytes.append(statistics.median(client.bytes for client in clients[1:]) / seconds)

    followed.silence, followed.bytes = [], []
    rates = {"nobody": [], "scrapes": [], "clients": []}
    watchers = [("nobody", nobody), ("scrapes", scraped), ("clients", followed)]
    for _ in range(rounds):
        for name, watch in watchers:
            rates[name].append(rate(farm, seconds, watch))
        watchers.reverse()  # so that a machine that becomes slower or faster favours nobody
    alone = rates["nobody"]
    for name, of in rates.items():
        ratios = [watched / bare for watched, bare in zip(of, alone)]
        print(f"{name}: {spread(of)} steps/s, {spread(ratios, '%.3f')} of nobody's", flush=True)
    print(f"clients: {spread(followed.bytes)} bytes/s each, longest silence {spread(followed.silence, '%.2f')} s", flush=True)

    times = [farm.scrape()[1] * 1e3 for _ in range(60)]
    print(f"a scrape: {spread(times)} ms", flush=True)
    runs = [run["run"] for run in farm.get("/api/v1/runs?limit=100")["runs"]]
    for path in ("/api/v1/runs/" + runs[0], "/api/v1/runs?limit=100"):
        times = []
        for _ in range(200):
            begin = time.monotonic()
            farm.get(path)
            times.append((time.monotonic() - begin) * 1e3)
        times.sort()
        print(f"GET {path}: {spread(times)} ms, {times[len(times) * 95 // 100]:.0f} ms for 95 in 100", flush=True)

    before = farm.alive()
    clients = [Client(farm, stalled=i == 0) for i in range(CLIENTS)]
    time.sleep(30)
    during = farm.alive()
    for client in clients:
        client.end()
    print(f"alive: {before:.1f} MB, with the clients after half a minute {during:.1f} MB", flush=True)

    urllib.request.urlopen(urllib.request.Request(farm.url("/api/v1/experiments/watched/pause"), data=b"")).read()
    client = Client(farm)
    ids = [run["run"] for run in farm.submit(LADDERS)]
    until = time.monotonic() + 300
    while time.monotonic() < until:
        completed = farm.get("/api/v1/runs?experiment=ladders&status=completed")
        if len(completed["runs"]) == len(ids):
            break
        time.sleep(1)
    time.sleep(1)
    delays = sorted((client.heard[each] - at) * 1e3 for each, at in farm.left.items() if each in client.heard)
    print(f"{len(farm.left)} transitions, {len(delays)} heard of after {spread(delays)} ms", flush=True)


if __name__ == "__main__":
    main()
