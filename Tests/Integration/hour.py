"""The real hour of AAPL orders as requests of the WebSocket API, and the fills that must come out."""

import csv
import gzip
import os
import random
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

SYMBOL = "AAPLUSD"
PRICE_UNITS = 10_000


@dataclass
class Command:
    """One line of the hour: a method of the WebSocket API with its parameters; `key` repeats it safely."""

    number: int
    method: str
    parameters: dict


@dataclass(frozen=True)
class Fill:
    taker: str
    maker: str
    price: Decimal
    size: int


def folder() -> Path | None:
    """Where the real hour is; None runs the synthetic one of the same size."""
    named = os.environ.get("LOBSTER_DATA")
    return Path(named) if named else None


def rows(file: Path) -> list[dict]:
    with gzip.open(file, "rt", newline="") as text:
        return list(csv.DictReader(text))


def client_id(order: str) -> str:
    return f"h-{order}"


def load() -> tuple[list[Command], list[Fill]]:
    """The commands and the fills, of the real hour or of a synthetic one."""
    data = folder()
    if data is None:
        return synthetic()
    lines = rows(data / "lobster_AAPL_commands.csv.gz")
    expected = rows(data / "lobster_AAPL_expected_fills.csv.gz")
    return translate(lines, expected), [fill(row) for row in expected]


def fill(row: dict) -> Fill:
    return Fill(client_id(row["taker_id"]), client_id(row["maker_id"]), Decimal(row["price"]) / PRICE_UNITS,
                int(row["size"]))


def translate(lines: list[dict], expected: list[dict]) -> list[Command]:
    """REDUCE is an amendment to what was ordered less what is taken off, a cancel where nothing is left."""
    filled: dict[int, list[tuple[str, int]]] = {}
    for row in expected:
        entry = filled.setdefault(int(row["cmd_no"]), [])
        entry.append((row["maker_id"], int(row["size"])))
        entry.append((row["taker_id"], int(row["size"])))
    ordered: dict[str, int] = {}
    executed: dict[str, int] = {}
    commands = []
    for line in lines:
        number, order, size = int(line["cmd_no"]), line["order_id"], int(line["size"] or 0)
        parameters = {"symbol": SYMBOL}
        if line["op"] in ("ADD", "IOC"):
            ordered[order] = size
            method = "order.place"
            parameters |= {
                "side": "BUY" if line["side"] == "1" else "SELL", "type": "LIMIT",
                "timeInForce": "GTC" if line["op"] == "ADD" else "IOC", "quantity": str(size),
                "price": f"{int(line['price']) / PRICE_UNITS:.2f}", "newClientOrderId": client_id(order),
                "newOrderRespType": "ACK", "selfTradePreventionMode": "NONE"}
        else:
            left = 0
            if line["op"] == "REDUCE":
                left = ordered[order] - executed.get(order, 0) - size
            parameters["origClientOrderId"] = client_id(order)
            if left > 0:
                ordered[order] -= size
                method = "order.amend.keepPriority"
                parameters["newQty"] = str(ordered[order])
            else:
                method = "order.cancel"
        commands.append(Command(number, method, parameters))
        for name, quantity in filled.get(number, []):
            executed[name] = executed.get(name, 0) + quantity
    return commands


def synthetic(count: int = 89_102, seed: int | None = None) -> tuple[list[Command], list[Fill]]:
    """An hour of the same size from a seed, matched by price and time in the plainest way."""
    seed = seed if seed is not None else int(os.environ.get("TEST_SEED", "20120621"))
    print(f"synthetic hour: TEST_SEED={seed}")
    chance = random.Random(seed)
    resting: dict[str, list] = {}
    commands, fills = [], []
    for number in range(1, count + 1):
        if resting and (chance.random() < 0.46 or len(resting) > 400):
            order = chance.choice(list(resting))
            resting.pop(order)
            commands.append(Command(number, "order.cancel", {"symbol": SYMBOL, "origClientOrderId": order}))
            continue
        order, buys, immediate = client_id(str(number)), chance.random() < 0.5, chance.random() < 0.07
        price = Decimal(58500 + chance.randint(-60, 60) + (-25 if buys else 25)) / 100
        size = chance.randint(1, 200)
        commands.append(Command(number, "order.place", {
            "symbol": SYMBOL, "side": "BUY" if buys else "SELL", "type": "LIMIT",
            "timeInForce": "IOC" if immediate else "GTC", "quantity": str(size), "price": f"{price:.2f}",
            "newClientOrderId": order, "newOrderRespType": "ACK", "selfTradePreventionMode": "NONE"}))
        left = size
        while left:
            others = [(entry[1], entry[0], name) for name, entry in resting.items()
                      if entry[3] != buys and (entry[1] <= price if buys else entry[1] >= price)]
            if not others:
                break
            best = min(others, key=lambda other: (other[0] if buys else -other[0], other[1]))
            entry = resting[best[2]]
            traded = min(left, entry[2])
            fills.append(Fill(order, best[2], entry[1], traded))
            left -= traded
            entry[2] -= traded
            if entry[2] == 0:
                resting.pop(best[2])
        if left and not immediate:
            resting[order] = [number, price, left, buys]
    return commands, fills


class FillCollector:
    """Pairs the two sides' reports of each trade and drops what it has seen, so that reconnecting costs nothing."""

    def __init__(self):
        self.sides: dict[int, dict[bool, dict]] = {}

    def take(self, event: dict) -> None:
        if event.get("e") == "executionReport" and event["x"] == "TRADE" and event["s"] == SYMBOL:
            self.sides.setdefault(event["t"], {})[event["m"]] = event

    def fills(self) -> list[Fill]:
        found = []
        for trade in sorted(self.sides):
            sides = self.sides[trade]
            assert set(sides) == {True, False}, f"trade {trade} has reports {list(sides)}"
            taker, maker = sides[False], sides[True]
            assert (taker["L"], taker["l"]) == (maker["L"], maker["l"])
            found.append(Fill(taker["c"], maker["c"], Decimal(taker["L"]), int(Decimal(taker["l"]))))
        return found


def open_up(venue) -> dict:
    """Limits wide enough for an hour from one account; returns that account."""
    venue.api.put("/instruments/AAPLUSD", {
        "maxNumOrders": 10_000, "bidMultiplierUp": "5", "bidMultiplierDown": "0.1", "askMultiplierUp": "5",
        "askMultiplierDown": "0.1", "minNotional": "0", "reason": "the hour"})
    return venue.make_account(
        "hour", {"USD": "2000000000", "AAPL": "20000000"}, ordersPer10Seconds=1_000_000, ordersPerDay=10_000_000)


GATEWAY_LIMITS = {"LIMITS_REQUEST_WEIGHT": "100000000", "LIMITS_RAW_REQUESTS": "100000000", "LIMITS_CONNECTIONS": "0"}
