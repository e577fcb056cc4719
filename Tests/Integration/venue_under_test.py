"""A venue with what tests ask of it beside its API: rows of its database, and waiting for what comes a moment later."""

import time

import psycopg2

from venue.deployment import NEEDED, SERVICES, StoresOfOurOwn
from venue.deployment import Deployment as Venue

__all__ = ["NEEDED", "SERVICES", "Deployment", "StoresOfOurOwn", "eventually"]


class Deployment(Venue):
    def query(self, statement: str, *values):
        """Rows of the venue's database."""
        connection = psycopg2.connect(self.environment["DATABASE_URL"])
        try:
            cursor = connection.cursor()
            cursor.execute(statement, values)
            return cursor.fetchall()
        finally:
            connection.close()

    def await_verified(self, seconds: float = 30) -> None:
        """Waits until `ledger-service verify` has checked both kinds of invariants and passed."""
        eventually(lambda: self._is_verified(), seconds, "verify over all partitions")

    def _is_verified(self) -> bool:
        said = self.verify()
        assert said.strip().endswith("pass"), said
        return "clearing is zero" in said and "not checked over all partitions" not in said


def eventually(condition, seconds: float = 10, what: str = "the condition"):
    """The first true value of `condition()`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"{what} did not come true within {seconds} s"
        time.sleep(0.02)
