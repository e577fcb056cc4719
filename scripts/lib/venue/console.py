"""What a person sees: progress, and failures as one clear line."""

import errno
import os
import signal
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
MINIMUM_FREE_MEBIBYTES = 2048


class Failure(Exception):
    """Something a person has to mend; the text is one clear line."""


def say(text: str) -> None:
    print(text, flush=True)


def warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run_main(name: str, main) -> None:
    """Runs `main` and ends the process: a Failure, and what the system refuses, become one line and exit code 1.

    The commands start Python with Ctrl-C held back, since it would end the interpreter's own start with a traceback.
    """
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        code = main()
    except Failure as failure:
        warn(f"{name}: {failure}")
        code = 1
    except OSError as error:
        warn(f"{name}: {describe(error)}")
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.stdout.flush()
    sys.exit(code)


def describe(error: OSError) -> str:
    """What a person has to do about a file that cannot be written or a program that cannot be run."""
    what = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"disk full{what}: make room"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"no right to write or run{what}: run as its owner, or change its rights"
    return f"{error.strerror or error}{what}"


def make_folder(path: Path, mode: int = 0o755) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True, mode=mode)
    except PermissionError as error:
        raise Failure(f"no right to write {error.filename}: run as its owner, or change its rights") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Failure(f"{path} cannot be made: {error.strerror}") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise Failure(f"no right to write {path}: run as its owner, or change its rights")
    return path


def free_mebibytes(path: Path) -> int:
    status = os.statvfs(path)
    return status.f_bavail * status.f_frsize >> 20


def check_free_space(path: Path) -> None:
    free = free_mebibytes(path)
    if free < MINIMUM_FREE_MEBIBYTES:
        raise Failure(f"disk full: {free} MiB free at {path}, {MINIMUM_FREE_MEBIBYTES} MiB are needed")
