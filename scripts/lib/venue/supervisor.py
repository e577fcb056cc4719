"""Starts the five services, starts one again that died, stops them in order."""

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from .console import Failure, say
from .processes import ManagedProcess

# sysexits.h, as the services use it.
BROKEN_INVARIANT = 70
NEVER_RESTARTED = {
    BROKEN_INVARIANT: "stopped on a broken invariant and is not started again: somebody has to look",
    64: "does not understand its command line",
    78: "has a bad configuration",
}
READY_SECONDS = 60
STOP_SECONDS = 7
FIRST_BACKOFF_SECONDS = 0.2
MAXIMUM_BACKOFF_SECONDS = 10
# A service that ran this long before it died starts with the first backoff again.
HEALTHY_SECONDS = 30


@dataclass
class Service:
    name: str
    command: list[str]
    environment: dict[str, str]
    operations_port: int
    process: ManagedProcess = field(init=False)
    started_at: float = 0
    restart_at: float | None = None
    backoff: float = FIRST_BACKOFF_SECONDS
    given_up: bool = False

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.operations_port}/readyz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def readiness(self) -> str:
        """What the service says it is waiting for."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.operations_port}/readyz", timeout=2) as answer:
                return answer.read().decode().strip()
        except urllib.error.HTTPError as error:
            conditions = json.loads(error.read() or b"{}")
            return ", ".join(f"{name} {text}" for name, text in conditions.items() if str(text).startswith("failed"))
        except (OSError, ValueError):
            return "no answer on its operations port"


class Supervisor:
    """`services` in the order of starting: along the flow of an order, and the gateway last, when all others are there.

    They stop with the gateway first, then again along the flow, so that each one drains what came before it.
    """

    def __init__(self, services: list[Service], folder: Path):
        self.services = services
        for service in services:
            service.process = ManagedProcess(service.name, folder)

    def stop_leftovers(self) -> None:
        """What an earlier run left running when it was killed would hold the ports."""
        left = [service for service in self.services if service.process.pid() is not None]
        for service in left[-1:] + left[:-1]:
            say(f"stopping {service.name}, left by an earlier run")
            service.process.stop(seconds=STOP_SECONDS)

    def start(self) -> None:
        for service in self.services:
            self._start(service)

    def await_ready(self) -> None:
        """Waits until all are ready; names what is missing when it takes too long, and why when one ends."""
        end = time.monotonic() + READY_SECONDS
        waiting = list(self.services)
        while waiting:
            waiting = [service for service in waiting if not service.is_ready()]
            notices = self.tend()
            for service in waiting:
                if service.given_up:
                    raise Failure(f"{service.name} did not start, its log {service.process.log} ends:\n"
                                  + service.process.tail())
            for notice in notices:
                say(notice)
            if waiting and time.monotonic() > end:
                first = waiting[0]
                raise Failure(f"{first.name} is not ready after {READY_SECONDS} s: {first.readiness()}; "
                              f"see {first.process.log}")
            time.sleep(0.05)

    def tend(self) -> list[str]:
        """Looks after every service once; returns what a person should know. Never waits."""
        notices: list[str] = []
        now = time.monotonic()
        for service in self.services:
            if service.given_up:
                continue
            if service.restart_at is not None:
                if now >= service.restart_at:
                    self._start(service)
                continue
            code = service.process.exit_code()
            if code is None:
                continue
            how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
            if code in NEVER_RESTARTED:
                service.given_up = True
                notices.append(f"{service.name} {NEVER_RESTARTED[code]}; its log {service.process.log} ends:\n"
                               + service.process.tail())
                continue
            if now - service.started_at > HEALTHY_SECONDS:
                service.backoff = FIRST_BACKOFF_SECONDS
            service.restart_at = now + service.backoff
            notices.append(f"{service.name} {how}, starting it again in {service.backoff:.1f} s")
            service.backoff = min(MAXIMUM_BACKOFF_SECONDS, service.backoff * 2)
        return notices

    def stop(self) -> None:
        for service in self.services[-1:] + self.services[:-1]:
            service.given_up = True
            service.process.stop(seconds=STOP_SECONDS)

    @staticmethod
    def _start(service: Service) -> None:
        service.restart_at = None
        service.started_at = time.monotonic()
        service.process.start(service.command, environment=service.environment)
