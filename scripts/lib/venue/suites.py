"""Runs the test suites, each by itself: own database, own topic prefix, own time limit."""

import os
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

from .build import swift
from .console import REPOSITORY, say, warn
from .stores import Stores

# A suite that takes longer hangs; the longest there is replays an hour of trading several times.
SUITE_SECONDS = 900
# Random histories of the log protocol in one run of all tests: the same ones every time, so that a failure is the change's.
# The environment's SIMULATION_HISTORIES and SIMULATION_SEED take more and others.
SIMULATION_HISTORIES, SIMULATION_SEED = "2000", "1"


@dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, other: "Counts") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.problems += other.problems

    def fail(self, problem: str) -> None:
        self.failed += 1
        self.problems.append(problem)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


class Suites:
    def __init__(self, scratch: Path, stores: Stores, results: Path, python: Path):
        self.scratch, self.stores, self.results, self.python = scratch, stores, results, python

    def swift_targets(self) -> list[str]:
        """Every test target of the package, by the folders that hold Swift tests."""
        folders = sorted({file.parent for file in (REPOSITORY / "Tests").glob("*/*.swift")
                          if "import Testing" in file.read_text()})
        return [folder.name if folder.name.endswith("Tests") else folder.name + "Tests" for folder in folders]

    def python_suites(self) -> list[Path]:
        return sorted({file.parent for file in (REPOSITORY / "Tests").rglob("test_*.py")})

    def run_swift(self, target: str) -> Counts:
        xml = self.results / f"{target}.xml"
        command = [
            swift(), "test", "--skip-build", "-c", "release", "-Xswiftc", "-enable-testing", "--scratch-path",
            str(self.scratch), "--disable-xctest", "--filter", f"^{target}\\.", "--xunit-output", str(xml)]
        return self._run(target, command, xml, self._show_swift)

    def run_python(self, folder: Path) -> Counts:
        name = "-".join(folder.relative_to(REPOSITORY / "Tests").parts)
        xml = self.results / f"{name}.xml"
        command = [str(self.python), "-m", "pytest", "-q", "-rs", "--color=no", "-p", "no:cacheprovider",
                   f"--junitxml={xml}", str(folder)]
        return self._run(name, command, xml, lambda line: print(line, end="", flush=True), nothing=5)

    def _run(self, name: str, command: list[str], xml: Path, show, nothing: int | None = None) -> Counts:
        """Runs one suite; `nothing` is the exit code that means that it holds no test."""
        say(f"--- {name}")
        xml.unlink(missing_ok=True)
        began = time.monotonic()
        counts = Counts()
        # In a session of its own, so that what a suite leaves running can be ended with it.
        with subprocess.Popen(
                command, cwd=REPOSITORY, env=self._environment(name), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, errors="replace", start_new_session=True) as suite:
            timer = _Timer(suite, SUITE_SECONDS)
            assert suite.stdout is not None
            try:
                for line in suite.stdout:
                    show(line)
            finally:
                # Also when this script is told to stop.
                ended_late = timer.stop()
        if xml.exists():
            counts = read_results(xml, name)
        elif suite.returncode == 0:
            counts.fail(f"{name}: ended without results")
        if ended_late:
            counts.fail(f"{name}: not done after {SUITE_SECONDS} s")
        elif suite.returncode not in (0, nothing) and counts.failed == 0:
            counts.fail(f"{name}: ended with code {suite.returncode}")
        say(f"{name}: {counts} ({time.monotonic() - began:.0f} s)")
        return counts

    def _environment(self, name: str) -> dict[str, str]:
        environment = {**os.environ, **self.stores.environment()}
        key = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        environment["TEST_TOPIC_PREFIX"] = f"{key}-{os.getpid()}."
        environment["TEST_BROKER"] = self.stores.broker_name
        environment["BUILD_FOLDER"] = str(self.scratch / "release")
        environment["WEB_CONFORMANCE_SERVER"] = str(self.scratch / "release" / "web-conformance-server")
        # The interpreter with test-requirements.txt; Swift tests that compare with a Python library run it.
        environment["PYTHON"] = str(self.python)
        environment.setdefault("SIMULATION_HISTORIES", SIMULATION_HISTORIES)
        environment.setdefault("SIMULATION_SEED", SIMULATION_SEED)
        environment["PATH"] = f"{REPOSITORY / '.run/tools'}:{environment.get('PATH', '')}"
        if self.stores.postgres is not None:
            self.stores.postgres.create_database(f"test_{key}")
            environment["DATABASE_URL"] = self.stores.postgres.url_of(f"test_{key}")
        return environment

    @staticmethod
    def _show_swift(line: str) -> None:
        """Failures, skips, seeds and the last line; not the start and the end of every single test."""
        if re.match(r"^\W*(Test|Suite|Test case) .* (started|passed)", line) or line.startswith(("◇", "[")):
            return
        if "prohibited flag(s)" not in line:
            print(line, end="", flush=True)


class _Timer:
    """Ends a process's whole session after a time, or at `stop`."""

    def __init__(self, process: subprocess.Popen, seconds: float):
        import threading

        self.process = process
        self.fired = False
        self.timer = threading.Timer(seconds, self._fire)
        self.timer.daemon = True
        self.timer.start()

    def _fire(self) -> None:
        self.fired = True
        self._end()

    def _end(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass

    def stop(self) -> bool:
        self.timer.cancel()
        # Normally the suite has ended and only what it forgot is left.
        try:
            self.process.wait(timeout=5 if sys.exc_info()[0] is None else 0.1)
        except subprocess.TimeoutExpired:
            pass
        self._end()
        return self.fired


def read_results(xml: Path, name: str) -> Counts:
    """Counts a JUnit file, as pytest and swift test write it."""
    counts = Counts()
    try:
        root = ElementTree.parse(xml).getroot()
    except ElementTree.ParseError as error:
        counts.fail(f"{name}: unreadable results: {error}")
        return counts
    for case in root.iter("testcase"):
        if case.find("skipped") is not None:
            counts.skipped += 1
        elif case.find("failure") is not None or case.find("error") is not None:
            counts.fail(f"{name}: {case.get('name')}")
        else:
            counts.passed += 1
    return counts


def report(total: Counts) -> None:
    for problem in total.problems:
        warn(f"FAILED {problem}")
