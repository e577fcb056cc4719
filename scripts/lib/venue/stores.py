"""Kafka, PostgreSQL and Redis on loopback, with their data in one folder; or servers that exist already."""

import hashlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from .console import REPOSITORY, Failure, check_free_space, make_folder
from .processes import ManagedProcess, command_name, require_port, start_time, wait_until

KAFKA_START_SECONDS = 90
KAFKA_STOP_SECONDS = 40
LOCAL_BROKER_START_SECONDS = 30
POSTGRES_START_SECONDS = 60
REDIS_START_SECONDS = 10


@dataclass
class Ports:
    """Node i of Kafka listens on kafka + 2i, its controller on the port after."""

    kafka: int = 29092
    postgres: int = 25432
    redis: int = 26379


def new_cluster_id() -> str:
    """A cluster's id as Kafka writes it. None begins with a dash: its own tools would take that for an option."""
    while True:
        identity = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not identity.startswith("-"):
            return identity


class Kafka:
    """Apache Kafka by a distribution's stock commands, KRaft, one node or three."""

    def __init__(self, folder: Path, home: Path, port: int, brokers: int):
        self.folder, self.home, self.port, self.brokers = folder, home, port, brokers
        self.nodes = [ManagedProcess(f"kafka-{node}", folder) for node in range(1, brokers + 1)]

    @property
    def processes(self) -> list[ManagedProcess]:
        return self.nodes

    @property
    def servers(self) -> str:
        return ",".join(f"127.0.0.1:{self.port + 2 * node}" for node in range(self.brokers))

    def begin(self) -> None:
        self.check_home()
        make_folder(self.folder)
        self._check_cluster()
        for index, node in enumerate(self.nodes):
            if node.pid() is not None:
                continue
            for port in (self.port + 2 * index, self.port + 2 * index + 1):
                require_port(port, "Kafka", "--kafka-port")
            properties = self._configure(index)
            # Quicker to start, and a small heap is plenty for one machine; whoever knows better sets it.
            heap = os.environ.get("KAFKA_HEAP_OPTS", "-Xms256m -Xmx512m")
            node.start(
                [str(self.home / "bin/kafka-server-start.sh"), str(properties)],
                environment={"LOG_DIR": str(self.folder / "logs"), "KAFKA_HEAP_OPTS": heap})

    def stop(self) -> None:
        # Every node there is, also of a cluster that had more of them. All at once: a controller quorum that has lost
        # its majority does not let the last node leave in order.
        running = [ManagedProcess(file.stem, self.folder) for file in sorted(self.folder.glob("kafka-*.pid"))]
        for node in running:
            pid = node.pid()
            if pid is not None:
                os.kill(pid, signal.SIGTERM)
        for node in running:
            node.stop(seconds=KAFKA_STOP_SECONDS)

    def check_home(self) -> None:
        if not (self.home / "bin/kafka-server-start.sh").exists():
            raise Failure(f"KAFKA_HOME={self.home} is no Kafka distribution: bin/kafka-server-start.sh is missing")
        if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
            raise Failure("no java for Kafka: apt-get install openjdk-17-jre-headless")

    def _check_cluster(self) -> None:
        """The data folder belongs to one cluster: its id, its count of nodes and its ports are kept with it."""
        description = self.folder / "cluster"
        if description.exists():
            identity, brokers, port = description.read_text().split()
            if (int(brokers), int(port)) != (self.brokers, self.port):
                raise Failure(
                    f"the data in {self.folder} is a Kafka of {brokers} broker(s) on port {port}: "
                    f"use --brokers {brokers} --kafka-port {port}, or --fresh to start over")
        else:
            identity = new_cluster_id()
            description.write_text(f"{identity} {self.brokers} {self.port}\n")
        self.cluster_id = identity

    def _configure(self, index: int) -> Path:
        data = self.folder / f"node-{index + 1}"
        properties = self.folder / f"node-{index + 1}.properties"
        client, controller = self.port + 2 * index, self.port + 2 * index + 1
        voters = ",".join(f"{node + 1}@127.0.0.1:{self.port + 2 * node + 1}" for node in range(self.brokers))
        replicas = min(3, self.brokers)
        properties.write_text(f"""\
process.roles=broker,controller
node.id={index + 1}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{client},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{client}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
unclean.leader.election.enable=false
default.replication.factor={replicas}
min.insync.replicas={max(1, replicas - 1)}
offsets.topic.replication.factor={replicas}
offsets.topic.num.partitions=4
transaction.state.log.replication.factor={replicas}
transaction.state.log.min.isr={max(1, replicas - 1)}
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=6000
""")
        if not (data / "meta.properties").exists():
            formatted = subprocess.run(
                [str(self.home / "bin/kafka-storage.sh"), "format", "--cluster-id", self.cluster_id, "--config",
                 str(properties)],
                env={**os.environ, "LOG_DIR": str(self.folder / "logs")}, capture_output=True, text=True)
            if formatted.returncode != 0:
                reason = (formatted.stderr or formatted.stdout).strip().splitlines()
                raise Failure(f"Kafka's storage cannot be formatted: {reason[-1] if reason else 'no reason given'}")
        return properties

    def finish(self) -> None:
        def ready() -> bool:
            for node in self.nodes:
                if node.pid() is None:
                    raise Failure(f"Kafka ({node.name}) ended while it started, its log {node.log} ends:\n{node.tail()}")
            ports = [self.port + 2 * node for node in range(self.brokers)]
            return all(known_brokers(port) == self.brokers for port in ports)

        if not wait_until(ready, KAFKA_START_SECONDS):
            raise Failure(f"Kafka does not answer at {self.servers} after {KAFKA_START_SECONDS} s, see {self.folder}")


def known_brokers(port: int) -> int:
    """How many brokers the one at `port` knows of, by a Metadata request (version 1, no topics); 0 when it is not up."""
    body = struct.pack(">hhih", 3, 1, 1, -1) + struct.pack(">i", 0)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as link:
            link.sendall(struct.pack(">i", len(body)) + body)
            answer = b""
            while len(answer) < 12:
                part = link.recv(4096)
                if not part:
                    return 0
                answer += part
    except OSError:
        return 0
    return struct.unpack(">i", answer[8:12])[0]


class LocalBroker:
    """The product's own broker, one node: what runs where there is no Apache Kafka."""

    def __init__(self, folder: Path, port: int, sync: bool = True):
        self.folder, self.port, self.sync = folder, port, sync
        # Known once everything is built.
        self.executable: Path | None = None
        self.process = ManagedProcess("local-broker", folder)
        self.brokers = 1

    @property
    def processes(self) -> list[ManagedProcess]:
        return [self.process]

    @property
    def nodes(self) -> list[ManagedProcess]:
        return [self.process]

    @property
    def servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    def check_home(self) -> None:
        """There is nothing that must be there before the build."""

    def begin(self) -> None:
        make_folder(self.folder)
        if self.process.pid() is None:
            require_port(self.port, "local-broker", "--kafka-port")
            self.process.start(
                [str(self.executable), f"--listen=127.0.0.1:{self.port}", "--operations.listen=127.0.0.1:0",
                 f"--data.directory={self.folder / 'local-broker'}", "--auto-create-topics=false",
                 f"--no-sync={'false' if self.sync else 'true'}"])

    def finish(self) -> None:
        def ready() -> bool:
            if self.process.pid() is None:
                raise Failure(f"local-broker ended while it started, its log {self.process.log} ends:\n{self.process.tail()}")
            return known_brokers(self.port) == 1

        if not wait_until(ready, LOCAL_BROKER_START_SECONDS):
            raise Failure(f"local-broker does not answer at {self.servers}, see {self.process.log}")

    def stop(self) -> None:
        self.process.stop(seconds=10)


class PostgreSQL:
    """A PostgreSQL cluster of its own: no clash with Debian's on 5432. TCP on loopback, password by SCRAM."""

    USER = "venue"
    DATABASE = "venue"

    def __init__(self, folder: Path, port: int):
        self.folder, self.port = folder, port
        self.user = "postgres" if os.geteuid() == 0 else None
        self.process = ManagedProcess("postgresql", folder)
        self.data = self._data_folder()

    @property
    def processes(self) -> list[ManagedProcess]:
        return [self.process]

    @property
    def url(self) -> str:
        return self.url_of(self.DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://{self.USER}:{self._password()}@127.0.0.1:{self.port}/{database}"

    def begin(self) -> None:
        make_folder(self.folder)
        # The folder is known only once it can be made.
        self.data = self._data_folder()
        if self.process.pid() is None:
            require_port(self.port, "PostgreSQL", "--postgres-port")
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._remove_stale_lock()
            self.process.start(
                [str(self._binary("postgres")), "-D", str(self.data), "-c", f"port={self.port}", "-c",
                 "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200", "-c",
                 "shared_buffers=128MB", "-c", "max_wal_size=2GB", "-c", "log_checkpoints=off"],
                user=self.user)

    def finish(self) -> None:
        if not wait_until(self._is_ready, POSTGRES_START_SECONDS):
            raise Failure(f"PostgreSQL does not answer on port {self.port}, see {self.process.log}")
        self.create_database(self.DATABASE)

    def stop(self) -> None:
        # SIGINT is PostgreSQL's fast shutdown: it ends sessions instead of waiting for them.
        self.process.stop(number=signal.SIGINT, seconds=30)

    def erase(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self._draft, ignore_errors=True)
        if self.data.parent != self.folder and self.data.parent.exists():
            self.data.parent.rmdir()

    def create_database(self, name: str) -> None:
        exists = self.query(f"SELECT 1 FROM pg_database WHERE datname = '{name}'", "postgres")
        if not exists.strip():
            self.query(f'CREATE DATABASE "{name}"', "postgres")

    def query(self, statement: str, database: str) -> str:
        result = subprocess.run(
            [str(self._binary("psql")), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.url_of(database), "-c", statement],
            capture_output=True, text=True)
        if result.returncode != 0:
            raise Failure(f"PostgreSQL refused '{statement}': {result.stderr.strip()}")
        return result.stdout

    def _is_ready(self) -> bool:
        if self.process.pid() is None:
            raise Failure(f"PostgreSQL ended while it started, its log {self.process.log} ends:\n{self.process.tail()}")
        check = [str(self._binary("pg_isready")), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(check, check=False).returncode == 0

    def _data_folder(self) -> Path:
        """Below the script's folder where PostgreSQL's user can reach it; else in /var/lib, by the checkout's path."""
        inside = self.folder / "postgresql"
        if self.user is None or self._can_reach(self.folder):
            return inside
        key = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path("/var/lib/trading-venue") / key / "postgresql"

    def _can_reach(self, folder: Path) -> bool:
        while not folder.exists():
            folder = folder.parent
        try:
            return subprocess.run(["test", "-x", str(folder)], user=self.user, group=self.user, extra_groups=[],
                                  cwd="/", check=False).returncode == 0
        except (OSError, KeyError):
            return True

    def _initialise(self) -> None:
        """Makes the cluster beside its folder and moves it there whole: one that is half made would never start."""
        draft = self._draft
        shutil.rmtree(draft, ignore_errors=True)
        make_folder(draft)
        if self.user is not None:
            try:
                account = pwd.getpwnam(self.user)
            except KeyError as error:
                raise Failure("the user 'postgres' is missing: apt-get install postgresql-15") from error
            draft.chmod(0o700)
            os.chown(draft, account.pw_uid, account.pw_gid)
        read_end, write_end = os.pipe()
        os.write(write_end, (self._password() + "\n").encode())
        os.close(write_end)
        # The password goes through a pipe, owned by whoever reads it: it is in no argument and no file.
        if self.user is not None:
            os.fchown(read_end, account.pw_uid, account.pw_gid)
        identity = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        try:
            made = subprocess.run(
                [str(self._binary("initdb")), "-D", str(draft), "-U", self.USER, "--auth=scram-sha-256",
                 "--pwfile=/dev/stdin", "--encoding=UTF8", "--locale=C.UTF-8"],
                stdin=read_end, capture_output=True, text=True, cwd="/", **identity)
        finally:
            os.close(read_end)
        if made.returncode != 0:
            self.erase()
            raise Failure(f"PostgreSQL cannot be initialised: {made.stderr.strip().splitlines()[-1]}")
        draft.rename(self.data)

    @property
    def _draft(self) -> Path:
        return self.data.with_name(self.data.name + ".new")

    def _remove_stale_lock(self) -> None:
        """A lock left by kill -9 whose pid is another program's or a zombie's would stop PostgreSQL from starting."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        if start_time(pid) is not None and command_name(pid) == "postgres":
            return
        # Sessions of a killed server end by themselves, a moment later; all of them work in the data folder.
        if not wait_until(lambda: not self._has_processes(), POSTGRES_START_SECONDS):
            raise Failure(f"a PostgreSQL that was killed still has processes in {self.data}")
        lock.unlink(missing_ok=True)

    def _has_processes(self) -> bool:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(process / "cwd") == str(self.data):
                    return True
            except OSError:
                continue
        return False

    def _password(self) -> str:
        file = self.folder / "postgresql.password"
        if not file.exists():
            make_folder(self.folder)
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as stream:
                stream.write(secrets.token_hex(16))
        return file.read_text()

    @staticmethod
    def _binary(name: str) -> Path:
        for folder in (Path("/usr/lib/postgresql/15/bin"), *sorted(Path("/usr/lib/postgresql").glob("*/bin"))):
            if (folder / name).exists():
                return folder / name
        found = shutil.which(name)
        if found is None:
            raise Failure(f"{name} not found: apt-get install postgresql-15")
        return Path(found)


class Redis:
    """A Redis that keeps nothing: losing it costs speed, never money or correctness."""

    def __init__(self, folder: Path, port: int):
        self.folder, self.port = folder, port
        self.process = ManagedProcess("redis", folder)

    @property
    def processes(self) -> list[ManagedProcess]:
        return [self.process]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def begin(self) -> None:
        make_folder(self.folder)
        if self.process.pid() is None:
            require_port(self.port, "Redis", "--redis-port")
            self.process.start([
                "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                "--dir", str(self.folder), "--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru"])

    def finish(self) -> None:
        if not wait_until(self._is_ready, REDIS_START_SECONDS):
            raise Failure(f"Redis does not answer on port {self.port}, see {self.process.log}")

    def stop(self) -> None:
        self.process.stop(seconds=10)

    def _is_ready(self) -> bool:
        if self.process.pid() is None:
            raise Failure(f"Redis ended while it started, its log {self.process.log} ends:\n{self.process.tail()}")
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as link:
                link.sendall(b"PING\r\n")
                return link.recv(16).startswith(b"+PONG")
        except OSError:
            return False


KAFKA_MISSING = (
    "no Apache Kafka: set KAFKA_HOME to the folder of a distribution (kafka.apache.org, 3.9 or later), "
    "or KAFKA_BOOTSTRAP_SERVERS to servers that exist")
# The product's own broker, the same without waiting for the disk, and Apache Kafka.
BROKERS = ["local", "local-nosync", "kafka"]


def broker_of_environment() -> str:
    """Apache Kafka where there is one, else the product's own."""
    return "kafka" if kafka_home() else "local"


def kafka_home() -> Path | None:
    """KAFKA_HOME, else a distribution beside the checkout."""
    named = os.environ.get("KAFKA_HOME")
    if named:
        return Path(named).expanduser().resolve()
    beside = REPOSITORY.parent / "shared" / "kafka"
    return beside if (beside / "bin/kafka-server-start.sh").exists() else None


class Stores:
    """The three stores of one folder. What the environment names exists already and is neither started nor stopped."""

    def __init__(self, folder: Path, ports: Ports, brokers: int = 1, broker: str | None = None):
        self.folder = folder
        self.kafka_servers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "")
        self.database_url = os.environ.get("DATABASE_URL", "")
        self.redis_url = os.environ.get("REDIS_URL", "")
        self.kafka = None if self.kafka_servers else self._own_broker(broker or broker_of_environment(), ports, brokers)
        self.postgres = None if self.database_url else PostgreSQL(folder, ports.postgres)
        self.redis = None if self.redis_url else Redis(folder, ports.redis)
        self.known_down: set[str] = set()

    def _own_broker(self, kind: str, ports: Ports, brokers: int) -> Kafka | LocalBroker:
        if kind == "kafka":
            home = kafka_home()
            if home is None:
                raise Failure(KAFKA_MISSING)
            return Kafka(self.folder, home, ports.kafka, brokers)
        if brokers > 1:
            raise Failure(f"--brokers {brokers} takes an Apache Kafka: local-broker is one node. {KAFKA_MISSING}")
        return LocalBroker(self.folder, ports.kafka, sync=kind == "local")

    def use_executables(self, folder: Path) -> None:
        """Where local-broker was built."""
        if isinstance(self.kafka, LocalBroker):
            self.kafka.executable = folder / "local-broker"

    @property
    def own(self) -> list:
        """The stores that are started here, in the order of starting, the slowest first."""
        return [store for store in (self.kafka, self.postgres, self.redis) if store is not None]

    @property
    def broker_name(self) -> str:
        """What the log is kept by, for people."""
        if self.kafka is None:
            return f"the Kafka at {self.kafka_servers}"
        return "Apache Kafka" if isinstance(self.kafka, Kafka) else "local-broker" + ("" if self.kafka.sync else " without sync")

    def check(self) -> None:
        """What can be known before anything is built or started."""
        if self.kafka:
            self.kafka.check_home()

    def start(self) -> None:
        if self.own:
            check_free_space(make_folder(self.folder))
        # All of them start at the same time; then each is waited for.
        for store in self.own:
            store.begin()
        for store in self.own:
            store.finish()
        if self.kafka:
            self.kafka_servers = self.kafka.servers
        if self.postgres:
            self.database_url = self.postgres.url
        if self.redis:
            self.redis_url = self.redis.url

    def ended(self) -> list[ManagedProcess]:
        """Processes of own stores that have ended since the last call; each is named once."""
        processes = [process for store in self.own for process in store.processes]
        down = [process for process in processes if process.pid() is None]
        fresh = [process for process in down if process.name not in self.known_down]
        self.known_down = {process.name for process in down}
        return fresh

    def stop(self) -> None:
        for store in reversed(self.own):
            store.stop()

    def erase(self) -> None:
        """Stops the stores and deletes their data."""
        self.stop()
        if self.postgres:
            self.postgres.erase()
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        named = {"KAFKA_BOOTSTRAP_SERVERS": self.kafka_servers, "DATABASE_URL": self.database_url,
                 "REDIS_URL": self.redis_url}
        return {name: value for name, value in named.items() if value}
