"""A whole venue for a test or a measurement: five services with their own topics, database, ports and folder."""

import itertools
import os
import secrets
import signal
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path

from . import demo
from .build import SERVICES
from .console import Failure
from .operator_api import OperatorAPI
from .processes import free_ports, wait_until
from .stores import Ports, Stores
from .supervisor import Service, Supervisor

NEEDED = ["BUILD_FOLDER", "KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL", "REDIS_URL", "TEST_TOPIC_PREFIX"]
MIGRATED = ["gateway", "order-service", "ledger-service", "market-data-broadcaster"]
REASON = "an account of a test or a measurement"
_numbers = itertools.count(1)


class StoresOfOurOwn:
    """Stores on ports of their own. `kafka`, `postgres` and `redis` can be stopped and started again."""

    def __init__(self, folder: Path, broker: str | None = None):
        kafka, _, postgres, redis = free_ports(4)
        self.outside = {name: os.environ.pop(name, None)
                        for name in ("KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL", "REDIS_URL")}
        try:
            self.stores = Stores(folder, Ports(kafka, postgres, redis), broker=broker)
        finally:
            os.environ.update({name: value for name, value in self.outside.items() if value is not None})

    def start(self) -> None:
        self.stores.use_executables(Path(os.environ["BUILD_FOLDER"]))
        self.stores.start()

    def stop(self) -> None:
        self.stores.erase()

    def environment(self) -> dict[str, str]:
        return self.stores.environment()


class Deployment:
    """`partitions` of every topic; `settings` are more of the gateway's environment, `common` of every service's; `stores`
    replaces those that the environment names."""

    def __init__(self, folder: Path, partitions: int = 1, settings: dict | None = None, stores=None,
                 common: dict | None = None):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.partitions = partitions
        self.settings = settings or {}
        self.common = common or {}
        self.number = next(_numbers)
        self.token = secrets.token_hex(16)
        ports = free_ports(7)
        self.port, self.operator_port, self.operations = ports[0], ports[1], ports[2:7]
        self.environment = self._environment(stores)
        self.supervisor = Supervisor([self.service(name) for name in SERVICES], folder / "services")
        self.api = OperatorAPI(f"http://127.0.0.1:{self.operator_port}", self.token)

    def _environment(self, stores) -> dict[str, str]:
        outer = stores.environment() if stores is not None else dict(os.environ)
        name = f"venue_{os.getpid()}_{self.number}"
        database = urllib.parse.urlsplit(outer["DATABASE_URL"])
        made = subprocess.run(["psql", "-qX", outer["DATABASE_URL"], "-c", f"CREATE DATABASE {name}"],
                              capture_output=True, text=True)
        if made.returncode != 0:
            raise Failure(f"database {name} cannot be made: {made.stderr.strip()}")
        prefix = os.environ.get("TEST_TOPIC_PREFIX", "test.")
        redis = urllib.parse.urlsplit(outer["REDIS_URL"])
        # What else the stores ask for, such as how connections are secured.
        more = {name: value for name, value in outer.items() if name not in NEEDED} if stores is not None else {}
        return more | {
            "KAFKA_BOOTSTRAP_SERVERS": outer["KAFKA_BOOTSTRAP_SERVERS"],
            "DATABASE_URL": urllib.parse.urlunsplit(database._replace(path="/" + name)),
            # One database of Redis a venue, so that keys of two never meet.
            "REDIS_URL": urllib.parse.urlunsplit(redis._replace(path=f"/{self.number % 16}")),
            "KAFKA_TOPIC_PREFIX": f"{prefix}{self.number}.",
            "ENCRYPTION_KEY": secrets.token_hex(32),
            "OPERATOR_TOKENS": f"tester:{self.token}",
        }

    def service(self, name: str, suffix: str = "", operations_port: int | None = None) -> Service:
        """How a service is started; `suffix` tells a second replica's files apart."""
        operations_port = operations_port or self.operations[SERVICES.index(name)]
        checkpoints = self.folder / f"checkpoints{suffix}" / name
        checkpoints.mkdir(parents=True, exist_ok=True)
        environment = {key: value for key, value in self.environment.items()
                       if name == "gateway" or key not in ("ENCRYPTION_KEY", "OPERATOR_TOKENS")}
        if name in ("order-service", "ledger-service"):
            environment.pop("REDIS_URL")
        if name == "matching-engine":
            environment.pop("REDIS_URL")
            environment.pop("DATABASE_URL")
        if name in ("matching-engine", "market-data-broadcaster"):
            environment["CHECKPOINT_DIRECTORY"] = str(checkpoints)
        command = [str(Path(os.environ["BUILD_FOLDER"]) / name), f"--operations.listen=127.0.0.1:{operations_port}"]
        if name == "gateway":
            command += [f"--listen=127.0.0.1:{self.port}", f"--operator.listen=127.0.0.1:{self.operator_port}"]
            environment |= self.settings
        environment |= self.common
        return Service(name + suffix, command, environment, operations_port)

    def start(self, seed: bool = True) -> None:
        gateway = self.named("gateway")
        self.command(gateway, "topics", {"KAFKA_PARTITIONS": str(self.partitions)})
        for name in MIGRATED:
            self.command(self.named(name), "migrate")
        self.supervisor.start()
        self.supervisor.await_ready()
        if seed:
            self.accounts = demo.seed(self.api, self.folder / "keys.json")

    def stop(self) -> None:
        self.supervisor.stop()

    def named(self, name: str) -> Service:
        return next(service for service in self.supervisor.services if service.name == name)

    def command(self, service: Service, command: str, more: dict | None = None, check: bool = True) -> str:
        """Runs a command of a service; returns what it printed."""
        done = self.run(service, command, more)
        if check and done.returncode != 0:
            raise AssertionError(f"{service.name} {command} ended with {done.returncode}: {done.stderr}{done.stdout}")
        return done.stdout

    @staticmethod
    def run(service: Service, command: str, more: dict | None = None) -> subprocess.CompletedProcess:
        """Runs a command of a service, with `more` in its environment."""
        return subprocess.run(
            [*service.command, command], env={**os.environ, **service.environment, **(more or {})},
            capture_output=True, text=True, timeout=120)

    def kill(self, name: str) -> None:
        """kill -9; the service is gone when this returns."""
        service = self.named(name)
        os.kill(service.process.pid(), signal.SIGKILL)
        assert wait_until(lambda: service.process.pid() is None, 10)

    def restart(self, name: str) -> None:
        """Starts a service that is down and waits until it is ready."""
        service = self.named(name)
        service.process.start(service.command, environment=service.environment)
        assert wait_until(service.is_ready, 60), f"{name} is not ready: {service.readiness()}\n{service.process.tail(20)}"

    def metrics(self, name: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.named(name).operations_port}/metrics", timeout=5) as answer:
            return answer.read().decode()

    def verify(self) -> str:
        """What `ledger-service verify` prints; fails when it finds anything wrong."""
        return self.command(self.named("ledger-service"), "verify")

    def make_account(self, name: str, balances: dict[str, str], permissions=("READ", "TRADE"), **members) -> dict:
        """An account with balances and a key: `{"id", "apiKey", "secretKey"}`."""
        account = self.api.post("/accounts", {
            "name": name, "feeSchedule": demo.FEE_SCHEDULE, "reason": REASON, **members})
        for asset, amount in balances.items():
            self.api.post("/deposits", {"account": account["id"], "asset": asset, "amount": amount,
                                        "reference": f"initial-{account['id']}-{asset}", "reason": REASON})
        key = self.api.post(f"/accounts/{account['id']}/keys", {
            "label": "test", "permissions": list(permissions), "reason": REASON})
        return {"id": account["id"], "apiKey": key["apiKey"], "secretKey": key["secretKey"]}
