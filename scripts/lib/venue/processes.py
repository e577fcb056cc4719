"""Processes that outlive the script that started them, found again by pid and start time."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from .console import Failure, make_folder

POLL_SECONDS = 0.05
STOP_REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# A log that has grown beyond this is put aside when its process starts again; one older log is kept.
MAXIMUM_LOG_BYTES = 64 << 20


def start_time(pid: int) -> str | None:
    """The kernel's start time of a running process: with it a pid names one process for good.

    A process runs until its last thread has ended: only then are its ports free, though its first thread may long be a
    zombie.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    state, threads, began = fields[0], int(fields[17]), fields[19]
    return None if state == "X" or (state == "Z" and threads <= 1) else began


def command_name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


@contextlib.contextmanager
def uninterrupted():
    """Holds requests to stop back until the block is done, then lets the first one through.

    Without it one that comes between the start of a process and the note of its pid leaves a process behind that
    nobody finds again. Signals reach Python's main thread only; other threads have nothing to hold back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    before: dict[int, object] = {}

    def handle(handlers: dict) -> None:
        # Blocked only while the handlers change: a child would inherit the mask.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_REQUESTS)
        try:
            for number, handler in handlers.items():
                before.setdefault(number, signal.signal(number, handler))
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_REQUESTS)

    handle({number: lambda number, _: held.append(number) for number in STOP_REQUESTS})
    try:
        yield
    finally:
        handle(dict(before))
        if held:
            signal.raise_signal(held[0])


class ManagedProcess:
    """A process in a session of its own (so that Ctrl-C reaches only whoever stops it in order), with a pid file and
    a log."""

    def __init__(self, name: str, folder: Path):
        self.name = name
        self.pid_file = folder / f"{name}.pid"
        self.log = folder / f"{name}.log"
        self.child: subprocess.Popen | None = None

    def pid(self) -> int | None:
        """The pid of the running process; a stale file, or one whose pid is another process's by now, is removed."""
        try:
            pid, began = self.pid_file.read_text().split()
        except (OSError, ValueError):
            return None
        if self.child is not None and self.child.pid == int(pid):
            # Takes the exit status of an ended child, which would stay a zombie.
            self.child.poll()
        if start_time(int(pid)) == began:
            return int(pid)
        self.pid_file.unlink(missing_ok=True)
        return None

    def start(self, command: list[str], *, environment: dict[str, str] | None = None, user: str | None = None) -> None:
        make_folder(self.log.parent)
        if self.log.exists() and self.log.stat().st_size > MAXIMUM_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        identity = {"user": user, "group": user, "extra_groups": []} if user else {}
        with open(self.log, "ab") as log, open(os.devnull, "rb") as nothing, uninterrupted():
            try:
                self.child = subprocess.Popen(
                    command, stdin=nothing, stdout=log, stderr=log, cwd="/", start_new_session=True,
                    env={**os.environ, **(environment or {})}, **identity)
            except OSError as error:
                raise Failure(f"{self.name} cannot be started: {command[0]}: {error.strerror}") from error
            try:
                self._note()
            except BaseException:
                # Nobody would find it again.
                self.child.kill()
                self.child.wait()
                with contextlib.suppress(OSError):
                    self.pid_file.unlink(missing_ok=True)
                raise

    def _note(self) -> None:
        """Writes the pid file of the child, unless that has ended already."""
        began = start_time(self.child.pid)
        if began is not None:
            self.pid_file.write_text(f"{self.child.pid} {began}\n")

    def exit_code(self) -> int | None:
        """The exit code of a child that has ended, negative for a signal; None while it runs."""
        return self.child.poll() if self.child is not None else None

    def stop(self, *, number: int = signal.SIGTERM, seconds: float = 10) -> None:
        """Asks it to end, and ends it after `seconds`."""
        pid = self.pid()
        if pid is None:
            return
        for sent, patience in ((number, seconds), (signal.SIGKILL, 5)):
            try:
                os.kill(pid, sent)
            except ProcessLookupError:
                break
            except PermissionError as error:
                raise Failure(f"{self.name} (pid {pid}) belongs to another user and cannot be stopped") from error
            if wait_until(lambda: self.pid() is None, patience):
                break
        self.pid_file.unlink(missing_ok=True)

    def tail(self, lines: int = 5) -> str:
        try:
            with open(self.log, "rb") as log:
                log.seek(0, os.SEEK_END)
                log.seek(max(0, log.tell() - 16384))
                text = log.read().decode(errors="replace")
        except OSError:
            return ""
        return "\n".join("    " + line for line in text.splitlines()[-lines:])


def wait_until(condition, seconds: float) -> bool:
    """Waits until `condition()` is true; false when that took longer than `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(POLL_SECONDS)
    return True


def is_port_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def require_port(port: int, what: str, option: str) -> None:
    if not is_port_free(port):
        raise Failure(f"port {port} ({what}) is taken by another program: end it, or choose another with {option}")


def free_ports(count: int) -> list[int]:
    """Ports that are free now, below the range the kernel gives to outgoing connections, spread by this process."""
    first = 15000 + os.getpid() * 37 % 14000
    found = [port for port in range(first, first + 2000) if is_port_free(port)][:count]
    if len(found) < count:
        raise Failure(f"no {count} free ports from {first} on")
    return found
