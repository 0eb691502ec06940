"""Nodes of one farm, each a process of its own, and their PostgreSQL: what the other programs here share."""
import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.request

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
SADDLEFARM = os.path.join(ROOT, "saddlefarm")

# Every commit is noted with the session that made it, which tells its process.
NOTED = """
CREATE TABLE noted (
    number BIGINT GENERATED ALWAYS AS IDENTITY, run TEXT, epoch BIGINT, step BIGINT, status TEXT, client TEXT);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO noted (run, epoch, step, status, client)
    VALUES (NEW.id, NEW.epoch, NEW.step, NEW.status, current_setting('application_name'));
    RETURN NEW;
END $$;
CREATE TRIGGER note AFTER UPDATE OF last_commit ON run FOR EACH ROW
    WHEN (OLD.last_commit IS DISTINCT FROM NEW.last_commit) EXECUTE FUNCTION note();
"""


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Postgres:
    """A server of its own, which does not run as root."""

    def __init__(self, directory):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb")) or [shutil.which("initdb")]
        assert found[-1], "no PostgreSQL here; install it (Debian: apt-get install postgresql)"
        self.bin = os.path.dirname(found[-1])
        self.data = os.path.join(directory, "database")
        self.port = free_ports(1)[0]
        os.chmod(directory, 0o755)
        os.mkdir(self.data)
        self.user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
        if self.user:
            os.chown(self.data, 65534, 65534)
        self.call("initdb", "-D", self.data, "-A", "trust", "-U", "farmer", "--no-sync")
        self.server = subprocess.Popen(
            [*self.user, os.path.join(self.bin, "postgres"), "-D", self.data, "-p", str(self.port), "-k", self.data,
             "-c", "listen_addresses=127.0.0.1"], stderr=subprocess.DEVNULL)
        while subprocess.run([os.path.join(self.bin, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode:
            time.sleep(0.2)

    def call(self, name, *arguments):
        subprocess.run([*self.user, os.path.join(self.bin, name), *arguments], check=True, stdout=subprocess.DEVNULL)

    def store(self):
        """What a farm's environment says of it."""
        return {"SADDLEFARM_STORE_URL": f"jdbc:postgresql://127.0.0.1:{self.port}/postgres",
                "SADDLEFARM_STORE_USER": "farmer"}

    def stop(self):
        self.server.send_signal(signal.SIGINT)
        self.server.wait()

    def ask(self, sql):
        """The rows of an answer, as lists of texts."""
        done = subprocess.run(
            [os.path.join(self.bin, "psql"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "farmer", "-d", "postgres",
             "-qAtc", sql], check=True, capture_output=True, text=True)
        return [line.split("|") for line in done.stdout.splitlines()]

    def number(self, sql):
        return int(self.ask(sql)[0][0])


class Node:
    """`saddlefarm serve` as one of the nodes, which is started again when it ends by itself, as in Kubernetes."""

    def __init__(self, number, ports, store, directory):
        self.lock = threading.Lock()
        self.process = None
        self.wanted = False
        self.ended = 0
        self.port = ports[number][2]
        self.management = ports[number][1]
        self.log = os.path.join(directory, f"node-{number}")
        self.environment = {
            **os.environ, **store, "SADDLEFARM_FARM_MODE": "cluster", "SADDLEFARM_FARM_PARALLEL": "1",
            "SADDLEFARM_CLUSTER_PORT": str(ports[number][0]),
            "SADDLEFARM_CLUSTER_MANAGEMENT_PORT": str(self.management),
            "SADDLEFARM_CLUSTER_SEEDS": ",".join(f"127.0.0.1:{each[0]}" for each in ports),
        }

    def start(self):
        with self.lock:
            self.spawn()
        if not self.wanted:
            self.wanted = True
            threading.Thread(target=self.look_after, daemon=True).start()

    def spawn(self):
        with open(self.log, "a") as log:
            # The launcher leaves its process to Java.
            self.process = subprocess.Popen(
                [SADDLEFARM, "serve", "--port", str(self.port), "--no-progress"],
                env=self.environment, stdout=log, stderr=log)

    def look_after(self):
        while self.wanted:
            with self.lock:
                if self.process.poll() == 1:
                    self.ended += 1
                    self.spawn()
            time.sleep(0.2)

    def members(self):
        """How many members there are for this node; 0 while it does not answer or one of them is not up."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.management}/cluster/members", timeout=2) as answer:
                members = json.load(answer)["members"]
                return len(members) if all(each["status"] == "Up" for each in members) else 0
        except OSError:
            return 0

    def metric(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            return sum(float(line.split()[-1]) for line in answer.read().decode().splitlines()
                       if line.startswith(name))

    def kill(self):
        with self.lock:
            self.process.kill()
            self.process.wait()

    def end(self):
        self.wanted = False
        self.kill()


def nodes_of(count, store, directory):
    numbers = free_ports(3 * count)
    ports = [numbers[3 * i:3 * i + 3] for i in range(count)]
    return [Node(i, ports, store, directory) for i in range(count)]


def quietly(*arguments, **options):
    """A command of saddlefarm that has to succeed."""
    subprocess.run([SADDLEFARM, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


def await_members(nodes):
    while any(node.members() != len(nodes) for node in nodes):
        time.sleep(0.5)


def whose(process):
    """The sessions of a process, as it names them to the database."""
    return f"'saddlefarm, process {process.pid} on %'"
