"""One suite for the product's own broker and for Apache Kafka: what a client sees must be the same on both.

Apache Kafka is the one that KAFKA_BOOTSTRAP_SERVERS names; its command-line tools are in KAFKA_HOME.
"""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "scripts" / "lib"), str(REPOSITORY / "Tests" / "Broker")]

from venue.processes import free_ports  # noqa: E402
from venue.stores import LocalBroker, kafka_home  # noqa: E402


def make_local_broker(folder: Path, sync: bool = True, port: int | None = None) -> LocalBroker:
    broker = LocalBroker(folder, port or free_ports(1)[0], sync)
    broker.executable = Path(os.environ["BUILD_FOLDER"]) / "local-broker"
    return broker


def pytest_collection_modifyitems(items):
    if not os.environ.get("BUILD_FOLDER"):
        for item in items:
            item.add_marker(pytest.mark.skip(reason="BUILD_FOLDER not set: scripts/test sets it"))


@pytest.fixture(scope="session")
def local_servers(tmp_path_factory):
    broker = make_local_broker(tmp_path_factory.mktemp("broker"))
    broker.begin()
    try:
        broker.finish()
        yield broker.servers
    finally:
        broker.stop()


@pytest.fixture(scope="session", params=["local-broker", "kafka"])
def servers(request):
    """Both brokers, one after the other."""
    if request.param == "local-broker":
        return request.getfixturevalue("local_servers")
    named = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if not named or "local-broker" in os.environ.get("TEST_BROKER", ""):
        pytest.skip("KAFKA_HOME not set: there is no Apache Kafka to compare with")
    return named


@pytest.fixture
def name():
    """A name of a topic or group that nobody else has."""
    return f"broker-test.{uuid.uuid4().hex[:12]}"


@pytest.fixture
def tool(servers):
    """Runs one of Apache Kafka's own tools, unmodified."""
    home = kafka_home()
    if home is None:
        pytest.skip("KAFKA_HOME not set: Apache Kafka's tools are missing")

    def run(command: str, *arguments: str, text: str = "", seconds: int = 60) -> str:
        done = subprocess.run(
            [str(home / "bin" / f"{command}.sh"), "--bootstrap-server", servers, *arguments], input=text,
            capture_output=True, text=True, timeout=seconds, check=False)
        assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
        return done.stdout

    return run
