"""scripts/run from its start to Ctrl-C, over stand-ins for the services."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from venue.build import SERVICES
from venue.processes import free_ports, wait_until
from venue.run import reason

RUN = Path(__file__).resolve().parents[2] / "scripts" / "run"
PATIENCE = 60
FLOW = ["order-service", "ledger-service", "matching-engine", "market-data-broadcaster"]


class Running:
    def __init__(self, folder: Path, *arguments: str, **changes: str):
        self.folder, self.data = folder, folder / "data"
        self.output = folder / "output"
        self.journal = folder / "journal"
        executables = folder / "executables"
        executables.mkdir(exist_ok=True)
        for name in SERVICES:
            shutil.copy(Path(__file__).with_name("service_double.py"), executables / name)
        client, _, operations, *_ = self.ports = free_ports(8)
        environment = {**os.environ, "JOURNAL": str(self.journal), "KAFKA_BOOTSTRAP_SERVERS": "k:1",
                       "DATABASE_URL": "postgresql://d", "REDIS_URL": "redis://r", **changes}
        with open(self.output, "w") as output:
            self.process = subprocess.Popen(
                [RUN, "--data", self.data, "--executables", executables, "--port", str(client), "--operations-port",
                 str(operations), *arguments],
                env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)

    def text(self) -> str:
        return self.output.read_text()

    def await_text(self, text: str) -> None:
        # It is an answer, too, that the run has ended.
        wait_until(lambda: text in self.text() or self.process.poll() is not None, PATIENCE)
        assert text in self.text(), self.text()

    def events(self) -> list[str]:
        return self.journal.read_text().splitlines() if self.journal.exists() else []

    def left(self) -> list[Path]:
        """Pid files of processes that are still there."""
        return list(self.data.rglob("*.pid"))

    def pid(self, name: str) -> int:
        return int((self.data / "services" / f"{name}.pid").read_text().split()[0])

    def end(self, number=signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)

    def kill_everything(self) -> None:
        self.process.kill()
        self.process.wait()
        for name in SERVICES:
            os.kill(self.pid(name), signal.SIGKILL)


@pytest.fixture
def start(tmp_path):
    runs: list[Running] = []

    def one(*arguments, **changes) -> Running:
        runs.append(Running(tmp_path, *arguments, **changes))
        return runs[-1]

    yield one
    for run in runs:
        if run.process.poll() is None:
            run.end(signal.SIGTERM)


def test_one_command_from_nothing_to_an_order_and_back(start):
    run = start()
    run.await_text("trading after")
    events = run.events()
    assert events[:5] == ["gateway topics", "gateway migrate", "order-service migrate", "ledger-service migrate",
                          "market-data-broadcaster migrate"]
    assert sorted(events[5:10]) == sorted(f"{name} started" for name in SERVICES)
    for path, count in (("assets", 5), ("fee-schedules", 1), ("instruments", 4), ("accounts", 2), ("deposits", 10)):
        assert events.count(f"gateway POST {path}") == count
    assert '"orderId": 1' in run.text()
    keys = json.loads((run.data / "demo-keys.json").read_text())
    assert set(keys) == {"demo-1", "demo-2"} and f"secret {keys['demo-1']['secretKey']}" in run.text()
    assert (run.data / "demo-keys.json").stat().st_mode & 0o077 == 0

    assert run.end() == 0
    stopped = [line.split()[0] for line in run.events() if line.endswith(" stopped")]
    assert stopped == ["gateway", *FLOW]


def test_ctrl_c_while_the_interpreter_starts_ends_quietly(start):
    run = start()
    name = Path(f"/proc/{run.process.pid}/comm")
    assert wait_until(lambda: name.read_text().startswith("python3"), PATIENCE)
    assert run.end() == 130
    assert run.text() == ""


def test_a_second_start_goes_on_where_the_first_was_killed(start):
    first = start()
    first.await_text("trading after")
    first.kill_everything()
    before = len(first.events())
    second = start()
    second.await_text("trading after")
    assert not [line for line in second.events()[before:] if "POST" in line]
    assert second.end(signal.SIGTERM) == 0


def test_services_that_outlived_a_killed_run_are_stopped_first(start):
    first = start()
    first.await_text("trading after")
    first.process.kill()
    first.process.wait()
    second = start()
    second.await_text("trading after")
    assert "stopping gateway, left by an earlier run" in second.text()
    assert second.events().count("gateway stopped") == 1


def test_a_killed_service_starts_again(start):
    run = start("--no-demo")
    run.await_text("trading after")
    os.kill(run.pid("ledger-service"), signal.SIGKILL)
    run.await_text("ledger-service was ended by signal 9, starting it again")
    assert wait_until(lambda: run.events().count("ledger-service started") == 2, PATIENCE)


def test_a_stop_in_the_middle_of_the_start_leaves_nothing(start):
    run = start()
    run.await_text("starting the services")
    assert run.end() == 130
    assert run.left() == []
    started = [line.split()[0] for line in run.events() if line.endswith(" started")]
    stopped = [line.split()[0] for line in run.events() if line.endswith(" stopped")]
    # One that was told to stop before it could take the signal notes neither.
    assert set(stopped) <= set(started)


def test_a_taken_port_is_one_line_and_nothing_is_started(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = start("--port", str(port))
        assert run.process.wait(timeout=PATIENCE) == 1
    assert re.fullmatch(rf"scripts/run: port {port} \(client API\) is taken by another program: .*--port\n", run.text())
    assert run.events() == [] and run.left() == []


def test_a_folder_that_is_no_kafka_is_refused_before_anything_is_built(start):
    run = start(KAFKA_BOOTSTRAP_SERVERS="", KAFKA_HOME="/nowhere")
    assert run.process.wait(timeout=PATIENCE) == 1
    assert run.text() == ("scripts/run: KAFKA_HOME=/nowhere is no Kafka distribution: "
                          "bin/kafka-server-start.sh is missing\n")
    assert run.events() == []


def test_a_data_folder_that_cannot_be_written_is_one_line(start, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "run.lock").mkdir()
    run = start()
    assert run.process.wait(timeout=PATIENCE) == 1
    assert re.fullmatch(r"scripts/run: Is a directory \(.*/run.lock\)\n", run.text())


@pytest.mark.parametrize(("log", "said"), [
    ('{"message":"first"}\n{"message":"the command failed","error":"PostgreSQL, connect: refused"}\n',
     "PostgreSQL, connect: refused"),
    ('{"message":"checkpoint.directory is missing"}', "checkpoint.directory is missing"),
    ("gateway: no such key\n", "gateway: no such key"), ("", ""), ("[1]", "[1]")])
def test_of_a_command_that_failed_the_reason_is_shown(log, said):
    assert reason(log) == said


def test_two_runs_on_the_same_data_are_one_too_many(start):
    first = start("--no-demo")
    first.await_text("trading after")
    output = first.output.rename(first.folder / "first")
    second = start("--no-demo")
    assert second.process.wait(timeout=PATIENCE) == 1
    assert re.fullmatch(r"scripts/run: scripts/run runs on this data already \(pid \d+\)\n", second.text())
    assert "trading after" in output.read_text()


def test_fresh_does_not_touch_servers_that_exist_already(start):
    run = start("--fresh")
    assert run.process.wait(timeout=PATIENCE) == 1
    assert run.text().startswith("scripts/run: --fresh deletes only own data: unset KAFKA_BOOTSTRAP_SERVERS, ")
