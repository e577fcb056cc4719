"""What scripts/run does with processes: stale files, restarts, ports."""

import errno
import os
import signal
import socket
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from venue import console, stores, supervisor
from venue.console import Failure
from venue.processes import ManagedProcess, require_port, start_time, uninterrupted, wait_until
from venue.supervisor import Service, Supervisor

PATIENCE = 20


@pytest.fixture
def sleeper(tmp_path):
    process = ManagedProcess("sleeper", tmp_path)
    process.start(["sleep", "600"])
    yield process
    process.stop()


def test_a_process_is_found_again_by_another_script(sleeper, tmp_path):
    assert ManagedProcess("sleeper", tmp_path).pid() == sleeper.pid() is not None


def test_a_process_that_was_killed_leaves_nothing(sleeper):
    os.kill(sleeper.pid(), signal.SIGKILL)
    assert wait_until(lambda: sleeper.pid() is None, PATIENCE)
    assert not sleeper.pid_file.exists()


def test_a_pid_that_is_another_process_by_now_is_left_alone(tmp_path):
    process = ManagedProcess("gone", tmp_path)
    process.pid_file.write_text(f"{os.getpid()} 1\n")
    process.stop()
    assert start_time(os.getpid()) is not None
    assert not process.pid_file.exists()


def test_a_process_that_does_not_stop_is_ended(tmp_path):
    process = ManagedProcess("stubborn", tmp_path)
    script = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(600)"
    process.start([sys.executable, "-c", script])
    assert wait_until(lambda: "on" in process.tail(), PATIENCE)
    process.stop(seconds=0.1)
    assert process.pid() is None


def test_a_process_runs_until_its_last_thread_has_ended(tmp_path):
    process = ManagedProcess("headless", tmp_path)
    # The first thread leaves and is a zombie; another goes on.
    script = ("import ctypes, threading, time; threading.Thread(target=time.sleep, args=(600,)).start(); "
              "print('on', flush=True); ctypes.CDLL(None).pthread_exit(None)")
    process.start([sys.executable, "-c", script])
    pid = process.pid()
    assert wait_until(lambda: Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z", PATIENCE)
    assert process.pid() == pid
    process.stop(seconds=0.1)
    assert process.pid() is None and not Path(f"/proc/{pid}/task/{pid}").exists()


def test_a_process_that_cannot_be_noted_is_not_left_behind(tmp_path):
    process = ManagedProcess("unnoted", tmp_path)
    process.pid_file.mkdir()
    with pytest.raises(OSError):
        process.start(["sleep", "600"])
    assert process.exit_code() == -signal.SIGKILL


def test_a_request_to_stop_waits_until_a_process_is_noted():
    seen = []
    before = signal.signal(signal.SIGTERM, lambda number, _: seen.append(number))
    try:
        with uninterrupted():
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGINT)
            assert seen == []
        assert wait_until(lambda: seen == [signal.SIGTERM], PATIENCE)
        assert signal.pthread_sigmask(signal.SIG_BLOCK, []).isdisjoint({signal.SIGTERM, signal.SIGINT})
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_store_that_ended_is_named_once(sleeper, tmp_path):
    own = stores.Redis(tmp_path, 1)
    own.process = sleeper
    every = stores.Stores(tmp_path, stores.Ports())
    every.kafka, every.postgres, every.redis = None, None, own
    assert every.ended() == []
    os.kill(sleeper.pid(), signal.SIGKILL)
    assert wait_until(lambda: every.ended() == [sleeper], PATIENCE)
    assert every.ended() == []


def test_a_program_that_is_missing_is_one_line(tmp_path):
    with pytest.raises(Failure, match="^sleeper cannot be started: /nowhere: No such file or directory$"):
        ManagedProcess("sleeper", tmp_path).start(["/nowhere"])


def test_a_taken_port_is_one_line_that_says_what_to_do():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Failure, match=rf"^port {port} \(Redis\) is taken by another program: .*--redis-port$"):
            require_port(port, "Redis", "--redis-port")


def supervised(tmp_path, script: str) -> tuple[Supervisor, Service]:
    service = Service("demo", [sys.executable, "-c", script], {}, operations_port=1)
    return Supervisor([service], tmp_path), service


def until(supervisor_: Supervisor, condition) -> list[str]:
    notices: list[str] = []

    def tended() -> bool:
        notices.extend(supervisor_.tend())
        return condition()

    assert wait_until(tended, PATIENCE)
    return notices


def test_a_killed_service_starts_again(tmp_path):
    one, service = supervised(tmp_path, "import time; time.sleep(600)")
    one.start()
    first = service.process.pid()
    os.kill(first, signal.SIGKILL)
    notices = until(one, lambda: service.process.pid() not in (None, first))
    assert notices == ["demo was ended by signal 9, starting it again in 0.2 s"]
    one.stop()
    assert service.process.pid() is None


def test_a_service_that_keeps_dying_is_started_less_and_less_often(tmp_path):
    one, service = supervised(tmp_path, "raise SystemExit(75)")
    one.start()
    until(one, lambda: service.backoff >= 4 * supervisor.FIRST_BACKOFF_SECONDS)
    service.backoff = supervisor.MAXIMUM_BACKOFF_SECONDS
    service.restart_at = 0
    until(one, lambda: service.restart_at not in (None, 0))
    assert service.backoff == supervisor.MAXIMUM_BACKOFF_SECONDS
    one.stop()


@pytest.mark.parametrize("code", [70, 64, 78])
def test_a_service_with_a_broken_invariant_or_configuration_is_not_started_again(tmp_path, code):
    one, service = supervised(tmp_path, f"print('why', flush=True); raise SystemExit({code})")
    one.start()
    notices = until(one, lambda: service.given_up)
    assert len(notices) == 1 and notices[0].startswith("demo ") and notices[0].endswith("why")
    assert one.tend() == [] and service.process.pid() is None


def test_what_an_earlier_run_left_is_stopped(tmp_path):
    earlier, service = supervised(tmp_path, "import time; time.sleep(600)")
    earlier.start()
    later, found = supervised(tmp_path, "")
    later.stop_leftovers()
    assert found.process.pid() is None
    assert wait_until(lambda: service.process.pid() is None, PATIENCE)


def test_without_a_kafka_the_products_own_broker_keeps_the_log(tmp_path, monkeypatch):
    monkeypatch.delenv("KAFKA_HOME", raising=False)
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    monkeypatch.setattr(stores, "REPOSITORY", tmp_path / "checkout")
    assert stores.Stores(tmp_path, stores.Ports()).broker_name == "local-broker"
    for options in ({"broker": "kafka"}, {"brokers": 3}):
        with pytest.raises(Failure, match="no Apache Kafka: set KAFKA_HOME .* or KAFKA_BOOTSTRAP_SERVERS"):
            stores.Stores(tmp_path, stores.Ports(), **options)


def test_a_folder_that_is_no_kafka_is_one_line(tmp_path):
    with pytest.raises(Failure, match="is no Kafka distribution: bin/kafka-server-start.sh is missing$"):
        stores.Kafka(tmp_path / "data", tmp_path, 1, 1).begin()


def test_servers_that_exist_are_neither_started_nor_stopped(tmp_path, monkeypatch):
    for name, value in (("KAFKA_BOOTSTRAP_SERVERS", "k:1"), ("DATABASE_URL", "postgresql://d"), ("REDIS_URL", "redis://r")):
        monkeypatch.setenv(name, value)
    existing = stores.Stores(tmp_path / "stores", stores.Ports())
    existing.start()
    assert existing.own == []
    assert existing.environment() == {
        "KAFKA_BOOTSTRAP_SERVERS": "k:1", "DATABASE_URL": "postgresql://d", "REDIS_URL": "redis://r"}


def test_a_disk_that_is_full_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(console, "MINIMUM_FREE_MEBIBYTES", 1 << 40)
    with pytest.raises(Failure, match="^disk full: "):
        console.check_free_space(tmp_path)


@pytest.mark.parametrize(("number", "said"), [
    (errno.ENOSPC, "disk full (/data/file): make room"), (errno.EDQUOT, "disk full (/data/file): make room"),
    (errno.EACCES, "no right to write or run (/data/file): run as its owner, or change its rights"),
    (errno.EROFS, "no right to write or run (/data/file): run as its owner, or change its rights"),
    (errno.EISDIR, "Is a directory (/data/file)")])
def test_what_the_system_refuses_is_one_line(capsys, number, said):
    def main():
        raise OSError(number, os.strerror(number), "/data/file")

    with pytest.raises(SystemExit) as ended:
        console.run_main("scripts/run", main)
    assert ended.value.code == 1
    assert capsys.readouterr().err == f"scripts/run: {said}\n"


def test_a_folder_without_rights_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Failure, match="cannot be made: "):
        console.make_folder(tmp_path / "file" / "below")


@pytest.mark.parametrize("script", ["run", "test", "tradectl"])
def test_every_script_explains_itself(script):
    path = Path(__file__).resolve().parents[2] / "scripts" / script
    done = subprocess.run([path, "--help"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "usage:" in done.stdout


def test_no_cluster_id_looks_like_an_option(monkeypatch):
    drawn = iter([uuid.UUID(bytes=b"\xfb" * 16), uuid.UUID(bytes=b"\xf8" * 16), uuid.UUID(bytes=b"\x10" * 16)])
    monkeypatch.setattr(stores.uuid, "uuid4", lambda: next(drawn))
    assert stores.new_cluster_id() == "EBAQEBAQEBAQEBAQEBAQEA"
