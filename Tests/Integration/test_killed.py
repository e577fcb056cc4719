"""Killed in the middle: the same hour while everything is killed once, and the same fills come out, none twice."""

import asyncio
import os
import signal
import threading
import time

import redis
import websockets

from client import Api, Rest
from venue_under_test import SERVICES, eventually
from hour import GATEWAY_LIMITS, SYMBOL, load, open_up
from test_hour import compare_with_engine, compare_with_open_orders, compare_with_redis, compare_with_replay

WINDOW = 256
# Answers that leave the outcome open, or say that nothing was done: the client sends the same again.
AGAIN = {-1007, -1008, -1001, -1006, -1021}
# Sent again after it had been done: what the first one did stands.
DONE_BEFORE = {"Duplicate order sent.", "Unknown order sent.",
               "The requested action would change no state; rejecting.", "Order does not exist."}


class Sender:
    """Sends the commands in order over one connection; on losing it goes on from the first one without an answer."""

    def __init__(self, venue, key, commands):
        self.venue, self.key, self.commands = venue, key, commands
        self.answered = [False] * len(commands)
        self.first = 0
        self.problems: list[str] = []

    def progress(self) -> float:
        return self.first / len(self.commands)

    async def run(self) -> None:
        while self.first < len(self.commands):
            try:
                async with Api(self.venue.port, self.key) as api:
                    await self.send_all(api)
            except (OSError, asyncio.TimeoutError, websockets.WebSocketException):
                # A gateway that is down, refuses the handshake, or has closed the connection: the client comes again.
                await asyncio.sleep(0.2)

    async def send_all(self, api: Api) -> None:
        window = asyncio.Semaphore(WINDOW)
        again = asyncio.Event()

        def done(index: int, future) -> None:
            window.release()
            if future.cancelled() or future.exception() is not None:
                again.set()
                return
            message = future.result()
            error = message.get("error")
            if error is not None and error["code"] in AGAIN:
                again.set()
                return
            if error is not None and error["msg"] not in DONE_BEFORE:
                self.problems.append(f"command {self.commands[index].number}: {error}")
            self.answered[index] = True
            while self.first < len(self.commands) and self.answered[self.first]:
                self.first += 1

        for index in range(self.first, len(self.commands)):
            if again.is_set():
                break
            await asyncio.wait_for(window.acquire(), 30)
            command = self.commands[index]
            future = await api.send(command.method, command.parameters)
            future.add_done_callback(lambda future, index=index: done(index, future))
        for _ in range(WINDOW):
            await asyncio.wait_for(window.acquire(), 30)


class Troublemaker(threading.Thread):
    """Does one thing after the other, each when the hour has come so far."""

    def __init__(self, sender: Sender, troubles):
        super().__init__(daemon=True)
        self.sender, self.troubles = sender, troubles
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            for share, trouble in self.troubles:
                while self.sender.progress() < share:
                    time.sleep(0.05)
                print(f"at {self.sender.progress():.0%}: {trouble.__name__}", flush=True)
                trouble()
        except BaseException as error:
            self.error = error


def test_the_same_fills_come_out_when_everything_is_killed_once(make_venue, own_stores):
    venue = make_venue(settings=GATEWAY_LIMITS, stores=own_stores)
    key = open_up(venue)
    commands, expected = load()
    sender = Sender(venue, key, commands)
    troubles = [(0.08 * (index + 1), service_killer(venue, name)) for index, name in enumerate(SERVICES)]
    troubles += [(0.5, redis_killer(own_stores)), (0.6, postgres_restarter(own_stores)),
                 (0.7, kafka_restarter(own_stores))]
    troublemaker = Troublemaker(sender, troubles)
    troublemaker.start()
    asyncio.run(sender.run())
    troublemaker.join(60)
    assert troublemaker.error is None, troublemaker.error
    assert not troublemaker.is_alive()
    assert not sender.problems, sender.problems[:5]

    # The user stream was interrupted with the gateway; the history in the database has every fill once.
    def table():
        rows = venue.query(
            "SELECT taker.client_order_id, maker.client_order_id, f.price, f.quantity FROM orders.fills f "
            "JOIN orders.fills m ON m.instrument = f.instrument AND m.trade_id = f.trade_id AND m.maker "
            "JOIN orders.orders taker ON taker.order_id = f.order_id "
            "JOIN orders.orders maker ON maker.order_id = m.order_id "
            "JOIN reference.definitions d ON d.kind = 2 AND d.id = f.instrument AND d.name = %s "
            "WHERE NOT f.maker ORDER BY f.trade_id", SYMBOL)
        return rows if len(rows) >= len(expected) else None

    rows = eventually(table, 60, "the history")
    assert [(taker, maker, price, size) for taker, maker, price, size in rows] == [
        (fill.taker, fill.maker, int(fill.price * 100), fill.size) for fill in expected]
    venue.await_verified()
    compare_views(venue, key, expected)


def compare_views(venue, key: dict, expected: list) -> None:
    """The book from the open orders, from Redis and by the API is one, and every public trade is there once."""
    rest = Rest(venue.port, key)
    depth = rest.public("depth", symbol=SYMBOL, limit=5000)
    compare_with_open_orders(rest, depth)
    compare_with_redis(venue, depth)
    compare_with_engine(venue, {SYMBOL: depth})
    compare_with_replay(venue)

    def public_trades():
        rows = venue.query(
            "SELECT t.price, t.quantity FROM market_data.trades t JOIN reference.definitions d ON d.kind = 2 "
            "AND d.id = t.instrument AND d.name = %s ORDER BY t.trade_id", SYMBOL)
        return rows if len(rows) >= len(expected) else None

    assert eventually(public_trades, 30, "the public trades") == [
        (int(fill.price * 100), fill.size) for fill in expected]


def service_killer(venue, name: str):
    def kill() -> None:
        venue.kill(name)
        venue.restart(name)

    kill.__name__ = f"kill -9 of {name}"
    return kill


def redis_killer(stores):
    def kill() -> None:
        store = next(own for own in stores.stores.own if type(own).__name__ == "Redis")
        os.kill(store.process.pid(), signal.SIGKILL)
        store.process.stop()
        store.begin()
        store.finish()
        redis.Redis.from_url(store.url).flushall()

    kill.__name__ = "Redis killed and flushed"
    return kill


def postgres_restarter(stores):
    def restart() -> None:
        store = next(own for own in stores.stores.own if type(own).__name__ == "PostgreSQL")
        store.stop()
        time.sleep(1)
        store.begin()
        store.finish()

    restart.__name__ = "PostgreSQL restarted"
    return restart


def kafka_restarter(stores):
    def restart() -> None:
        store = next(own for own in stores.stores.own if type(own).__name__ == "Kafka")
        store.stop()
        store.begin()
        store.finish()

    restart.__name__ = "Kafka restarted"
    return restart
