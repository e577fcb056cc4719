"""scripts/test: every test of the repository, on a Kafka, a PostgreSQL and a Redis that it starts for itself."""

import argparse
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import build
from .console import REPOSITORY, Failure, make_folder, run_main, say
from .processes import free_ports
from .stores import BROKERS, KAFKA_MISSING, LocalBroker, Ports, Stores
from .suites import Counts, Suites, report

FOLDER = REPOSITORY / ".run" / "test"
VIRTUAL_ENVIRONMENT = REPOSITORY / ".venv"
SWIFT_FOLDERS = ["Package.swift", "Libraries", "Services", "Tests", "Benchmarks"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/test", description="Builds everything once and runs every test: Swift's and Python's, on own "
        "stores. The last line counts them.",
        epilog="The log is kept by an Apache Kafka when KAFKA_HOME names a distribution (or one lies in ../shared/kafka, "
        "beside the checkout), else by the product's own local-broker. "
        "KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL and REDIS_URL name servers that exist already. LOBSTER_DATA names the "
        "folder of the real hour (else ../shared/data/lobster, beside the checkout).")
    parser.add_argument("--require-kafka", action="store_true", help="fail when there is no Apache Kafka to test on")
    parser.add_argument("--broker", choices=BROKERS, help="what keeps the log (Apache Kafka where there is one)")
    parser.add_argument("--only", metavar="PATTERN", help="suites whose name matches, for example Messaging")
    parser.add_argument("--list", action="store_true", help="print the suites' names and end")
    return parser.parse_args()


def format_problems() -> list[str]:
    """What the house's format finds, one line each."""
    say("checking the format")
    checked = subprocess.run(
        [build.swift(), "format", "lint", "-r", "--strict", *SWIFT_FOLDERS], cwd=REPOSITORY, capture_output=True,
        text=True)
    lines = [line for line in (checked.stdout + checked.stderr).splitlines() if line.strip()]
    return lines or ([f"swift format ended with code {checked.returncode}"] if checked.returncode else [])


def python_with_packages() -> Path:
    """Python of an own environment with exactly the pinned packages; made anew only when the pins change."""
    pins = REPOSITORY / "scripts" / "test-requirements.txt"
    mark = VIRTUAL_ENVIRONMENT / "pins"
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    python = VIRTUAL_ENVIRONMENT / "bin" / "python"
    if python.exists() and mark.exists() and mark.read_text() == wanted:
        return python
    say("installing the Python packages of the tests")
    shutil.rmtree(VIRTUAL_ENVIRONMENT, ignore_errors=True)
    for command in ([sys.executable, "-m", "venv", str(VIRTUAL_ENVIRONMENT)],
                    [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", str(pins)]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
            why = next((line for line in said if line.startswith("ERROR")), said[0] if said else " ".join(command))
            raise Failure(f"the tests' Python packages cannot be installed: {why}")
    mark.write_text(wanted)
    return python


def lobster_data() -> None:
    """Names the real hour's folder for the tests when it lies beside the checkout."""
    beside = REPOSITORY.parent / "shared" / "data" / "lobster"
    if "LOBSTER_DATA" not in os.environ and beside.is_dir():
        os.environ["LOBSTER_DATA"] = str(beside)
    if "LOBSTER_DATA" not in os.environ:
        say("LOBSTER_DATA is not set: the test of the real hour is skipped, a synthetic one runs")


def start_stores(broker: str | None, executables: Path) -> Stores:
    """Own stores on free ports, with nothing in them."""
    kafka, _, postgres, redis = free_ports(4)
    ports = Ports(kafka, postgres, redis)
    # What a run that was killed left there: its processes still hold the folder.
    leftovers = Stores(FOLDER / "stores", ports, broker=broker)
    leftovers.erase()
    stores = Stores(FOLDER / "stores", ports, broker=broker)
    stores.use_executables(executables)
    say("starting " + ", ".join(type(store).__name__ for store in stores.own))
    try:
        stores.start()
    except BaseException:
        stores.stop()
        raise
    return stores


def run(options: argparse.Namespace) -> Counts:
    total = Counts()
    scratch = build.scratch_folder(".build-test")
    for line in build.build_tests(scratch):
        total.fail(f"build: {line}")
    for line in format_problems():
        total.fail(f"format: {line}")
    python = python_with_packages()
    lobster_data()
    stores = start_stores(options.broker, scratch / "release")
    try:
        if isinstance(stores.kafka, LocalBroker):
            say(f"on local-broker; what only Apache Kafka has is skipped: {KAFKA_MISSING}")
            if options.require_kafka:
                total.fail("the Kafka part was skipped")
        results = make_folder(FOLDER / "results")
        suites = Suites(scratch, stores, results, python)
        wanted = re.compile(options.only or "", re.IGNORECASE)
        for target in filter(wanted.search, suites.swift_targets()):
            total.add(suites.run_swift(target))
        for folder in suites.python_suites():
            if wanted.search(str(folder.relative_to(REPOSITORY))):
                total.add(suites.run_python(folder))
    finally:
        stores.erase()
    return total


def main() -> int:
    options = arguments()
    if options.list:
        suites = Suites(build.scratch_folder(".build-test"), None, FOLDER, Path(sys.executable))
        say("\n".join([*suites.swift_targets(), *(str(folder.relative_to(REPOSITORY)) for folder in suites.python_suites())]))
        return 0
    # A request to stop unwinds the stack, so that every `finally` stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    began = time.monotonic()
    total = run(options)
    report(total)
    say(f"done in {time.monotonic() - began:.0f} s")
    say(str(total))
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(run_main("scripts/test", main))
