"""A venue with what tests ask of it beside its API: rows of its database, and waiting for what comes a moment later."""

import contextlib
import json
import time
import urllib.parse

import psycopg2

from venue.deployment import NEEDED, SERVICES, StoresOfOurOwn
from venue.deployment import Deployment as Venue
from venue.operator_api import OperatorAPI
from venue.processes import ManagedProcess, free_ports
from venue.supervisor import STOP_SECONDS

__all__ = ["NEEDED", "SERVICES", "Deployment", "StoresOfOurOwn", "eventually"]


class Deployment(Venue):
    def query(self, statement: str, *values, database: str | None = None):
        """Rows of the venue's database, or of another; what a statement changes stays changed."""
        connection = psycopg2.connect(database or self.environment["DATABASE_URL"])
        connection.autocommit = True
        try:
            cursor = connection.cursor()
            cursor.execute(statement, values)
            return cursor.fetchall()
        finally:
            connection.close()

    def engine_books(self) -> dict[str, dict]:
        """The engine's own books by symbol, from the checkpoints that it makes when it stops; it runs again afterwards."""
        engine = self.named("matching-engine")
        engine.process.stop(seconds=STOP_SECONDS)
        lines = self.command(engine, "book").splitlines()
        self.restart("matching-engine")
        return {market["symbol"]: market for line in lines for market in json.loads(line)["markets"]}

    @contextlib.contextmanager
    def another_gateway(self, slot: int, settings: dict | None = None):
        """A second gateway of this venue with ports of its own, until the block ends."""
        gateway = AnotherGateway(self, slot, settings or {})
        try:
            eventually(gateway.is_up, 60, f"gateway {slot} to be ready")
            yield gateway
        finally:
            gateway.process.stop(seconds=STOP_SECONDS)

    def replayed_ledger(self) -> str:
        """The URL of a database of its own, into which another ledger-service has applied the whole log from its
        beginning: what the state machine says, without a checkpoint of the first one."""
        replay = self.service("ledger-service", suffix="-replayed", operations_port=free_ports(1)[0])
        url = urllib.parse.urlsplit(self.environment["DATABASE_URL"])
        name = url.path.removeprefix("/") + "_replayed"
        connection = psycopg2.connect(self.environment["DATABASE_URL"])
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
        connection.close()
        replay.environment["DATABASE_URL"] = urllib.parse.urlunsplit(url._replace(path="/" + name))
        self.command(replay, "migrate")
        replay.process = ManagedProcess(replay.name, self.folder / "services")
        replay.process.start(replay.command, environment=replay.environment)
        try:
            eventually(lambda: replay.is_ready() or replay.process.exit_code() is not None, 120, "the replay")
            assert replay.process.exit_code() is None, replay.process.tail(20)
        finally:
            # It saves what it has when it stops.
            replay.process.stop(seconds=STOP_SECONDS)
        return replay.environment["DATABASE_URL"]

    def await_verified(self, seconds: float = 30) -> None:
        """Waits until `ledger-service verify` has checked both kinds of invariants and passed."""
        eventually(lambda: self._is_verified(), seconds, "verify over all partitions")

    def _is_verified(self) -> bool:
        said = self.verify()
        assert said.strip().endswith("pass"), said
        return "clearing is zero" in said and "not checked over all partitions" not in said


class AnotherGateway:
    """`port` is the client API's, `api` the operator API."""

    def __init__(self, venue: Deployment, slot: int, settings: dict):
        operations, self.port, operator = free_ports(3)
        self.service = venue.service("gateway", suffix=f"-{slot}", operations_port=operations)
        self.service.command = [
            self.service.command[0], f"--operations.listen=127.0.0.1:{operations}",
            f"--listen=127.0.0.1:{self.port}", f"--operator.listen=127.0.0.1:{operator}"]
        self.service.environment |= {"GATEWAY_SLOT": str(slot), **settings}
        self.api = OperatorAPI(f"http://127.0.0.1:{operator}", venue.token)
        self.process = ManagedProcess(self.service.name, venue.folder / "services")
        self.process.start(self.service.command, environment=self.service.environment)

    def is_up(self) -> bool:
        assert self.process.exit_code() is None, self.process.tail(20)
        return self.service.is_ready()


def eventually(condition, seconds: float = 10, what: str = "the condition"):
    """The first true value of `condition()`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"{what} did not come true within {seconds} s"
        time.sleep(0.02)
