"""scripts/run: the whole venue on this machine, from nothing to trading, until Ctrl-C."""

import argparse
import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from . import build, demo
from .console import REPOSITORY, Failure, check_free_space, free_mebibytes, make_folder, run_main, say
from .live import LiveLine
from .operator_api import OperatorAPI, OperatorError
from .processes import require_port
from .stores import BROKERS, Ports, Stores
from .supervisor import Service, Supervisor

OPERATOR = "demo"
# Operations ports count from the gateway's.
OPERATIONS_ORDER = ["gateway", "order-service", "ledger-service", "matching-engine", "market-data-broadcaster"]
# A disk with less room than this is why a store ended.
FULL_MEBIBYTES = 64
CHECKPOINTED = ["matching-engine", "market-data-broadcaster"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/run", description="Builds and starts the whole venue on loopback and keeps it running until "
        "Ctrl-C. Data stays in .run/; the next start goes on where this one stops.",
        epilog="The log is kept by the product's own local-broker, or by an Apache Kafka when KAFKA_HOME names a "
        "distribution's folder. KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL and REDIS_URL name servers that exist already and "
        "are used instead of own ones.")
    parser.add_argument("--fresh", action="store_true", help="delete the data of earlier runs first")
    parser.add_argument("--brokers", type=int, choices=(1, 3), default=1, help="nodes of the own Apache Kafka (1)")
    parser.add_argument("--broker", choices=BROKERS, help="what keeps the log (Apache Kafka where there is one)")
    parser.add_argument("--partitions", type=int, default=1, help="partitions of every topic, when created (1)")
    parser.add_argument("--port", type=int, default=8080, help="client API; the operator API is on the next one (8080)")
    parser.add_argument("--operations-port", type=int, default=9100, help="first of five operations ports (9100)")
    parser.add_argument("--kafka-port", type=int, default=Ports.kafka, help=f"first port of Kafka ({Ports.kafka})")
    parser.add_argument("--postgres-port", type=int, default=Ports.postgres, help=f"PostgreSQL ({Ports.postgres})")
    parser.add_argument("--redis-port", type=int, default=Ports.redis, help=f"Redis ({Ports.redis})")
    parser.add_argument("--no-demo", action="store_true", help="define no markets, accounts and keys")
    parser.add_argument("--data", type=Path, default=REPOSITORY / ".run", help="folder of all data (.run)")
    parser.add_argument("--executables", type=Path, help="folder of executables to run instead of building")
    return parser.parse_args()


class Venue:
    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.folder = make_folder(options.data.resolve())
        self._lock()
        self.stores = Stores(
            self.folder / "stores", Ports(options.kafka_port, options.postgres_port, options.redis_port), options.brokers,
            options.broker)
        foreign = [name for name in ("KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
        if options.fresh and foreign:
            raise Failure(f"--fresh deletes only own data: unset {', '.join(foreign)}, or start over there by hand")
        self.supervisor: Supervisor | None = None
        self.stopping = threading.Event()

    def _lock(self) -> None:
        """One run a data folder; the kernel lets go of the lock however the holder ends."""
        self.lock = open(self.folder / "run.lock", "a+")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.lock.seek(0)
            raise Failure(f"scripts/run runs on this data already (pid {self.lock.read().strip()})") from error
        self.lock.truncate(0)
        self.lock.write(str(os.getpid()))
        self.lock.flush()

    def prepare(self) -> None:
        self.stores.check()
        if not self.options.fresh:
            check_free_space(self.folder)
        executables = self.options.executables or build.build_services(build.scratch_folder(".build"))
        self.stores.use_executables(executables.resolve())
        self.supervisor = Supervisor(self._services(executables.resolve()), self.folder / "services")
        self.supervisor.stop_leftovers()
        if self.options.fresh:
            self._erase()
        self.settings = self._settings()
        self._service("gateway").environment |= {
            "OPERATOR_TOKENS": f"{OPERATOR}:{self.settings['token']}", "ENCRYPTION_KEY": self.settings["encryptionKey"]}
        for name in CHECKPOINTED:
            make_folder(self._checkpoints(name), 0o700)
        options = self.options
        require_port(options.port, "client API", "--port")
        require_port(options.port + 1, "operator API", "--port")
        for index in range(len(build.SERVICES)):
            require_port(options.operations_port + index, "operations", "--operations-port")

        if self.stores.own:
            say("starting " + ", ".join(type(store).__name__ for store in self.stores.own))
        self.stores.start()
        self.stores_up = time.monotonic()
        for service in self.supervisor.services:
            # The stores' addresses are known only now; a URL with a password goes by environment, not by flag.
            service.environment |= self.stores.environment()
        gateway = self._service("gateway")
        self._command(gateway, "topics")
        for name in ("gateway", "order-service", "ledger-service", "market-data-broadcaster"):
            self._command(self._service(name), "migrate")

    def start(self) -> None:
        say("starting the services")
        self.supervisor.start()
        self.supervisor.await_ready()

    def announce(self) -> None:
        client, operator = f"http://127.0.0.1:{self.options.port}", self._operator_url()
        accounts = []
        if not self.options.no_demo:
            api = OperatorAPI(operator, self.settings["token"])
            try:
                accounts = demo.seed(api, self.folder / "demo-keys.json")
            except OperatorError as error:
                raise Failure(f"the demo venue cannot be defined: {error}") from error
        say("")
        say(f"REST          {client}/api/v3/")
        say(f"WebSocket     ws://127.0.0.1:{self.options.port}/ws  /stream?streams=  /ws-api/v3")
        say(f"operator API  {operator}/operator/v1/  (scripts/tradectl; token in {self.folder}/operator.json)")
        ports = "  ".join(f"{service.name} {service.operations_port}" for service in self.supervisor.services)
        say(f"operations    /healthz /readyz /metrics on  {ports}")
        for key in accounts:
            say(f"{key['name']:<13} account {key['id']}  key {key['apiKey']}  secret {key['secretKey']}")
        if accounts:
            command, answer = demo.show_order(client, accounts[0])
            say(f"\nan order, to paste into a shell:\n\n{command}\n\nits answer just now:\n\n{answer}\n")

    def watch(self) -> None:
        live = LiveLine(self._service("gateway").operations_port)
        while not self.stopping.is_set():
            for notice in self.supervisor.tend():
                live.notice(notice)
            for process in self.stores.ended():
                why = ", the disk is full" if free_mebibytes(self.folder) < FULL_MEBIBYTES else ""
                live.notice(f"{process.name} ended{why}; the next start of scripts/run brings it back; its log "
                            f"{process.log} ends:\n{process.tail()}")
            live.update()
            self.stopping.wait(1)
        live.notice("stopping")

    def stop(self) -> None:
        if self.supervisor is not None:
            self.supervisor.stop()
        self.stores.stop()

    def _settings(self) -> dict:
        """The operator's token and the key that API secrets are encrypted with, made once."""
        file = self.folder / "settings.json"
        if not file.exists():
            demo.write_private(file, json.dumps({"token": secrets.token_hex(24), "encryptionKey": secrets.token_hex(32)}))
        settings = json.loads(file.read_text())
        demo.write_private(
            self.folder / "operator.json", json.dumps({"url": self._operator_url(), "token": settings["token"]}))
        return settings

    def _operator_url(self) -> str:
        return f"http://127.0.0.1:{self.options.port + 1}"

    def _erase(self) -> None:
        say("deleting the data of earlier runs")
        self.stores.erase()
        shutil.rmtree(self.folder / "checkpoints", ignore_errors=True)
        # The key seals secrets in the database: it goes after the data, so that one is never there without the other.
        for name in ("demo-keys.json", "settings.json"):
            (self.folder / name).unlink(missing_ok=True)

    def _services(self, executables: Path) -> list[Service]:
        services = []
        for name in build.SERVICES:
            port = self.options.operations_port + OPERATIONS_ORDER.index(name)
            command = [str(executables / name), f"--operations.listen=127.0.0.1:{port}"]
            environment = {}
            if name in CHECKPOINTED:
                environment["CHECKPOINT_DIRECTORY"] = str(self._checkpoints(name))
            if name == "gateway":
                command += [f"--listen=127.0.0.1:{self.options.port}",
                            f"--operator.listen=127.0.0.1:{self.options.port + 1}"]
            services.append(Service(name, command, environment, port))
        return services

    def _checkpoints(self, name: str) -> Path:
        return self.folder / "checkpoints" / name

    def _service(self, name: str) -> Service:
        return next(service for service in self.supervisor.services if service.name == name)

    def _command(self, service: Service, command: str) -> None:
        environment = {**os.environ, **service.environment}
        if command == "topics":
            replicas = str(min(3, self.options.brokers))
            environment |= {"KAFKA_PARTITIONS": str(self.options.partitions), "KAFKA_REPLICATION_FACTOR": replicas}
        try:
            done = subprocess.run([*service.command, command], env=environment, capture_output=True, text=True)
        except OSError as error:
            raise Failure(f"{service.name} cannot be started: {service.command[0]}: {error.strerror}") from error
        if done.returncode != 0:
            raise Failure(f"{service.name} {command} failed: {reason(done.stderr or done.stdout) or done.returncode}")


def reason(log: str) -> str:
    """What went wrong, out of the last line that a service logged."""
    line = log.strip().rpartition("\n")[2]
    try:
        entry = json.loads(line)
        return str(entry.get("error") or entry["message"])
    except (ValueError, KeyError, AttributeError):
        return line


def main() -> int:
    venue = Venue(arguments())

    def on_signal(*_) -> None:
        # The first one stops in order, also in the middle of the start; later ones change nothing.
        if not venue.stopping.is_set():
            venue.stopping.set()
            if threading.current_thread() is threading.main_thread() and not watching:
                raise KeyboardInterrupt

    watching: list[bool] = []
    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGHUP, on_signal)
    began = time.monotonic()
    try:
        venue.prepare()
        venue.start()
        venue.announce()
        now = time.monotonic()
        watching.append(True)
        say(f"trading after {now - began:.1f} s, {now - venue.stores_up:.1f} s after the stores were up; "
            "Ctrl-C stops everything")
        venue.watch()
    finally:
        watching.append(True)
        venue.stopping.set()
        venue.stop()
    return 0


if __name__ == "__main__":
    sys.exit(run_main("scripts/run", main))
