"""Builds the executables, with what `swift build` says shown as it comes."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from .console import REPOSITORY, Failure, say

SERVICES = ["order-service", "ledger-service", "matching-engine", "market-data-broadcaster", "gateway"]
# hiredis' pkg-config file names a flag that SwiftPM leaves out; nothing here depends on it.
HARMLESS_WARNING = re.compile(r"prohibited flag\(s\): -D_FILE_OFFSET_BITS=64")


def swift() -> str:
    found = shutil.which("swift")
    if found is None:
        raise Failure("swift not found: install Swift 6.3 from https://www.swift.org/install/linux/")
    return found


def build_services(scratch: Path) -> Path:
    """Builds the services in release; returns the folder of the executables. Seconds when nothing has changed."""
    # One product a call is all that SwiftPM takes, so everything that is no test is built in one.
    command = [swift(), "build", "-c", "release", "--scratch-path", str(scratch)]
    say("building the services (release; a first build takes a few minutes)")
    with subprocess.Popen(command, cwd=REPOSITORY) as build, ended_with_us(build):
        build.wait()
    if build.returncode != 0:
        raise Failure("the build failed, see above")
    return scratch / "release"


@contextlib.contextmanager
def ended_with_us(build: subprocess.Popen):
    """Interrupts `swift build` when the block does not end in order, so that no compiler stays behind."""
    try:
        yield
    except BaseException:
        build.send_signal(signal.SIGINT)
        build.wait()
        raise


def build_tests(scratch: Path) -> list[str]:
    """Builds everything in release with tests; returns the warnings that the build gave."""
    command = [swift(), "build", "--build-tests", "-c", "release", "-Xswiftc", "-enable-testing", "--scratch-path",
               str(scratch)]
    say("building everything with its tests (release; a first build takes a few minutes)")
    warnings: list[str] = []
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace") as build, ended_with_us(build):
        assert build.stdout is not None
        for line in build.stdout:
            if re.search(r"\bwarning: ", line) and not HARMLESS_WARNING.search(line) and line not in warnings:
                warnings.append(line)
            show_progress(line)
    if sys.stdout.isatty():
        print("\r\033[K", end="")
    if build.returncode != 0:
        raise Failure("the build failed, see above")
    return [line.strip() for line in warnings]


def show_progress(line: str) -> None:
    """Steps overwrite one line of a terminal and are left out of a log; everything else is shown."""
    if re.match(r"\[\d+/\d+\]", line):
        if sys.stdout.isatty():
            width = shutil.get_terminal_size().columns - 1
            print("\r\033[K" + line.rstrip()[:width], end="", flush=True)
    else:
        print(line, end="", flush=True)


def scratch_folder(name: str) -> Path:
    """Where a configuration builds; flags differ, so each has its own. BUILD_ROOT moves them out of the checkout."""
    return Path(os.environ.get("BUILD_ROOT", str(REPOSITORY))) / name
