"""scripts/bench: the measured workloads, on stores and a venue of their own. Benchmarks/README.md defines them."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from . import build
from .console import REPOSITORY, Failure, make_folder, run_main, say
from .deployment import Deployment, StoresOfOurOwn
from .processes import start_time
from .stores import BROKERS

FOLDER = REPOSITORY / ".run" / "bench"
# Before what counts of a round's run: connections are opened and caches filled.
ROUND_WARM_UP = 5
RATES = [500, 1_000, 2_000]
ACCOUNTS, MAKERS = 100, 2
QUANTILES = ["p50", "p99", "p999"]
# Rates that are tried for the highest one held, each half way between what was held and what was not.
FIRST_HELD_RATE, HELD_STEP = 6_000, 500
MAXIMUM_RATE = 32_000
LIMITS = {"LIMITS_REQUEST_WEIGHT": "1000000000", "LIMITS_RAW_REQUESTS": "1000000000", "LIMITS_CONNECTIONS": "0"}
BALANCES = {"BTC": "10000", "ETH": "100000", "USDT": "50000000", "USD": "50000000", "AAPL": "1000000"}
MAKER_BALANCES = {"BTC": "100000", "ETH": "1000000", "USDT": "9000000000", "USD": "9000000000", "AAPL": "100000000"}
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    commands = parser.add_subparsers(dest="workload", required=True)
    path = commands.add_parser("path", help="request to answer through all services, and the floor beside it")
    path.add_argument("--rounds", type=int, default=5, help="how often path and floor alternate (5)")
    path.add_argument("--warm-up", type=int, default=60,
                      help="seconds of load before the first round, and before what counts of a rate to hold (60)")
    path.add_argument("--seconds", type=int, default=60, help="seconds for which a rate is to be held (60)")
    path.add_argument("--round-seconds", type=int, default=20, help="seconds that count of a round's run (20)")
    path.add_argument("--rates", type=int, nargs="+", default=RATES, help="requests a second")
    path.add_argument("--no-held", action="store_true", help="do not look for the highest rate held")
    cores = commands.add_parser("cores", help="the four cores over the real hour, in one process")
    cores.add_argument("--rounds", type=int, default=5, help="runs, of which the median counts (5)")
    memory = commands.add_parser("memory", help="the gateway with 1,000 sockets")
    memory.add_argument("--sockets", type=int, default=1_000)
    for command in (path, memory):
        command.add_argument("--broker", choices=BROKERS, help="what keeps the log (Apache Kafka where there is one)")
    for command in (path, cores, memory):
        command.add_argument("--json", type=Path, metavar="FILE", help="write the result there")
    return parser.parse_args()


class Processes:
    """CPU and memory of the processes of a venue and its broker, from /proc."""

    def __init__(self, venue: Deployment, stores: StoresOfOurOwn):
        self.pids = {service.name: service.process.pid() for service in venue.supervisor.services}
        for own in stores.stores.own:
            for process in getattr(own, "nodes", None) or [own.process]:
                self.pids[process.name] = process.pid()

    def cpu_seconds(self) -> dict[str, float]:
        """By process, with its children: PostgreSQL works in one for each connection."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (fields := self._stat(int(entry.name))):
                children.setdefault(int(fields[1]), []).append(int(entry.name))
        return {name: self._cpu(pid) + sum(map(self._cpu, children.get(pid, [])))
                for name, pid in self.pids.items() if pid is not None and start_time(pid)}

    @classmethod
    def _cpu(cls, pid: int) -> float:
        """In user and system mode, that of children that have ended with it."""
        fields = cls._stat(pid)
        return sum(map(int, fields[11:15])) / CLOCK_TICKS if fields else 0

    @staticmethod
    def _stat(pid: int) -> list[str]:
        """The fields of /proc/PID/stat that follow the name; none for a process that has ended."""
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return []

    def resident_bytes(self, name: str) -> int:
        status = Path(f"/proc/{self.pids[name]}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) * 1024


class PathBench:
    def __init__(self, options: argparse.Namespace, executables: Path):
        self.options, self.executables = options, executables
        self.runs = 0

    def run(self) -> dict:
        os.environ["BUILD_FOLDER"] = str(self.executables)
        stores = StoresOfOurOwn(FOLDER / "stores", getattr(self.options, "broker", None))
        stores.stop()
        say(f"starting {stores.stores.broker_name}, PostgreSQL and Redis")
        self.broker_name = stores.stores.broker_name
        stores.start()
        try:
            venue = Deployment(FOLDER / f"venue-{os.getpid()}", settings=LIMITS, stores=stores)
            try:
                say("starting the services")
                venue.start()
                self._open_accounts(venue)
                return self._measure(venue, stores)
            finally:
                venue.stop()
        finally:
            stores.stop()

    def _open_accounts(self, venue: Deployment) -> None:
        say(f"opening {ACCOUNTS + MAKERS} accounts")
        for market in ("BTCUSDT", "ETHUSDT", "ETHBTC", "AAPLUSD"):
            venue.api.put(f"/instruments/{market}", {"maxNumOrders": 60_000, "reason": "a measurement"})
        keys = [
            venue.make_account(f"bench-{number}", MAKER_BALANCES if number < MAKERS else BALANCES,
                               ordersPer10Seconds=1_000_000, ordersPerDay=1_000_000_000)
            for number in range(ACCOUNTS + MAKERS)]
        self.keys = FOLDER / "keys.json"
        self.keys.write_text(json.dumps(keys))

    def _measure(self, venue: Deployment, stores: StoresOfOurOwn) -> dict:
        processes = Processes(venue, stores)
        say(f"warming up for {self.options.warm_up} s")
        self._load(venue, 1_000, 0, self.options.warm_up)
        path: dict[int, list] = {rate: [] for rate in self.options.rates}
        floor: dict[int, list] = {rate: [] for rate in self.options.rates}
        cpu: dict[str, list[float]] = {}
        for number in range(self.options.rounds):
            for rate in self.options.rates:
                before, after = processes.cpu_seconds(), {}
                path[rate].append(self._load(venue, rate, ROUND_WARM_UP, self.options.round_seconds,
                                             answered=lambda: after.update(processes.cpu_seconds())))
                if rate == 1_000:
                    requests = path[rate][-1]["sent"]
                    for name, seconds in after.items():
                        cpu.setdefault(name, []).append((seconds - before.get(name, 0)) / requests * 1e6)
                floor[rate].append(self._floor(venue, rate, ROUND_WARM_UP, self.options.round_seconds))
                say(f"round {number + 1}, {rate}/s: path {self._words(path[rate][-1])}, "
                    f"floor {self._words(floor[rate][-1])}")
        held = 0 if self.options.no_held else self._highest_held(venue)
        everything = [run for runs in path.values() for run in runs]
        return {
            "broker": self.broker_name, "requests_per_second_held": held,
            "latency_ms": {str(rate): medians(runs) for rate, runs in path.items()},
            "floor_ms": {str(rate): medians(runs) for rate, runs in floor.items()},
            "hops_ms": {str(rate): {"path": hops(path[rate]), "floor": hops(floor[rate])} for rate in path},
            "cpu_us_per_request": {name: round(statistics.median(values), 1) for name, values in cpu.items()},
            "lost": sum(run["lost"] for run in everything),
            "duplicated": sum(run["duplicated"] for run in everything),
            "refused": sum(sum(run["refused"].values()) for run in everything)}

    def _highest_held(self, venue: Deployment) -> int:
        """Doubles until a rate is not held, then halves the distance."""
        low, high, rate = 0, None, FIRST_HELD_RATE
        while rate <= MAXIMUM_RATE and (high is None or high - low > HELD_STEP):
            run = self._load(venue, rate, self.options.warm_up, self.options.seconds)
            say(f"{rate}/s: {'held' if run['held'] else 'not held'}, {self._words(run)}")
            if run["held"]:
                low = rate
            else:
                high = rate
            rate = rate * 2 if high is None else (low + high) // 2
        return low

    def _load(self, venue: Deployment, rate: int, warm_up: int, seconds: int, answered=lambda: None) -> dict:
        return self._tool("load", answered, "--port", venue.port, "--keys", self.keys, *self._log(venue),
                          "--prefix", venue.environment["KAFKA_TOPIC_PREFIX"], rate=rate, warm_up=warm_up,
                          seconds=seconds)

    def _floor(self, venue: Deployment, rate: int, warm_up: int, seconds: int) -> dict:
        self.runs += 1
        return self._tool("floor", lambda: None, *self._log(venue), "--prefix", f"floor-{self.runs}.", rate=rate,
                          warm_up=warm_up, seconds=seconds)

    @staticmethod
    def _log(venue: Deployment) -> list[str]:
        return ["--servers", venue.environment["KAFKA_BOOTSTRAP_SERVERS"]]

    def _tool(self, command: str, answered, *more, rate: int, warm_up: int, seconds: int) -> dict:
        """Runs `bench-path`. It calls `answered` at the end of the load, before the log is read back for the hops."""
        with subprocess.Popen(
                [str(self.executables / "bench-path"), command, *map(str, more), "--rate", str(rate),
                 "--warm-up", str(warm_up), "--seconds", str(seconds)],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as tool:
            if tool.stdout.readline() == "answered\n":
                answered()
            result, errors = tool.communicate()
        if tool.returncode != 0:
            raise Failure(f"bench-path {command} at {rate}/s: {errors.strip() or tool.returncode}")
        return json.loads(result)

    @staticmethod
    def _words(run: dict) -> str:
        latency = run["latency_ms"]
        said = f"p50 {latency['p50']:.2f} p99 {latency['p99']:.2f} ms"
        if run["lost"] or run["shed"] or run["refused"]:
            said += f" (lost {run['lost']}, shed {run['shed']}, refused {run['refused']})"
        return said


def medians(runs: list[dict]) -> dict[str, float]:
    return {name: round(statistics.median(run["latency_ms"][name] for run in runs), 3) for name in QUANTILES}


def hops(runs: list[dict]) -> dict[str, float]:
    """By hop the median of the rounds' mean milliseconds."""
    names = [hop["hop"] for hop in runs[0]["hops"]]
    return {name: round(statistics.median(run["hops"][index]["mean_ms"] for run in runs), 3)
            for index, name in enumerate(names)}


def table(result: dict) -> str:
    """Where the time goes, hop by hop: mean milliseconds of the path, and of the floor beside it."""
    lines = []
    for rate, both in result["hops_ms"].items():
        lines.append(f"{rate + '/s, mean ms':<32}{'path':>8}{'floor':>8}")
        lines += [f"  {hop:<30}{value:>8.2f}{both['floor'].get(hop, 0):>8.2f}" for hop, value in both["path"].items()]
    return "\n".join(lines)


def cores(options: argparse.Namespace, executables: Path) -> dict:
    """`bench-cores` says its figures itself; the median of several runs counts."""
    from .test import lobster_data

    lobster_data()
    runs = []
    for _ in range(options.rounds):
        done = subprocess.run([str(executables / "bench-cores")], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"bench-cores: {done.stderr.strip() or done.returncode}")
        runs.append(json.loads(done.stdout))
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


class MemoryBench(PathBench):
    def _measure(self, venue: Deployment, stores: StoresOfOurOwn) -> dict:
        import socket

        processes = Processes(venue, stores)
        before = processes.resident_bytes("gateway")
        sockets = []
        for _ in range(self.options.sockets):
            link = socket.create_connection(("127.0.0.1", venue.port))
            link.sendall(b"GET /ws/btcusdt@depth@100ms/btcusdt@trade HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                         b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                         b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n")
            sockets.append(link)
        for link in sockets:
            if not link.recv(4096).startswith(b"HTTP/1.1 101"):
                raise Failure("a WebSocket was not opened")
        time.sleep(2)
        after = processes.resident_bytes("gateway")
        for link in sockets:
            link.close()
        return {"sockets": len(sockets), "gateway_mb": round(after / 1e6, 1), "gateway_mb_before": round(before / 1e6, 1)}

    def _open_accounts(self, venue: Deployment) -> None:
        """Market data needs none."""


def main() -> int:
    options = arguments()
    make_folder(FOLDER)
    executables = build.build_services(build.scratch_folder(".build"))
    if options.workload == "cores":
        result = cores(options, executables)
    elif options.workload == "memory":
        result = MemoryBench(options, executables).run()
    else:
        result = PathBench(options, executables).run()
        say(table(result))
    text = json.dumps(result, indent=2)
    if options.json:
        options.json.write_text(text + "\n")
    say(text)
    return 0


if __name__ == "__main__":
    sys.exit(run_main("scripts/bench", main))
