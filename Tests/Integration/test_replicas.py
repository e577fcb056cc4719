"""Two processes of one service on the same partitions: first writer wins, and losing one costs clients nothing."""

import asyncio
import time

import pytest

from book import StreamedBook
from client import Api, Rest
from venue.processes import ManagedProcess, free_ports, wait_until

REPLICATED = ["order-service", "ledger-service", "matching-engine", "market-data-broadcaster"]
SECONDS = 8
# A client sees no gap when no answer takes longer than this while a replica dies; a machine that is short of processors
# delays answers too, so this is a bound and no measure.
LONGEST_ANSWER_SECONDS = 5
# Pairs of a placing and a cancel that are under way at once.
CLIENTS = 32


@pytest.mark.parametrize("name", REPLICATED)
def test_two_replicas_and_the_loss_of_one(make_venue, name):
    venue = make_venue()
    second = venue.service(name, suffix="-second", operations_port=free_ports(1)[0])
    second.process = ManagedProcess(second.name, venue.folder / "services")
    second.process.start(second.command, environment=second.environment)
    try:
        assert wait_until(second.is_ready, 60), second.readiness()
        key = venue.make_account("busy", {"USDT": "1000000"}, ordersPer10Seconds=100_000, ordersPerDay=10_000_000)
        longest, count = asyncio.run(trade_while(venue, key, lambda: venue.kill(name)))
        assert count > 100
        assert longest < LONGEST_ANSWER_SECONDS
        assert second.process.exit_code() is None
        rest = Rest(venue.port, key)
        assert rest.get("openOrders", symbol="BTCUSDT") == []
        assert rest.balances()["USDT"][1] == "0.00000000"
        venue.restart(name)
        venue.await_verified()
    finally:
        second.process.stop()


async def trade_while(venue, key: dict, trouble) -> tuple[float, int]:
    """Places and cancels for a while, many at once, with `trouble` in the middle; the longest answer in seconds, and how
    many pairs. The book streamed meanwhile has no gap, and the user stream tells every event once."""
    longest, count = 0.0, 0
    async with StreamedBook(venue.port, "BTCUSDT") as book, Api(venue.port, key) as stream, Api(venue.port, key) as api:
        await stream.subscribe_user_data()
        end = time.monotonic() + SECONDS

        async def client(name: int) -> None:
            nonlocal longest, count
            number = 0
            while time.monotonic() < end:
                began = time.monotonic()
                number += 1
                placed = await api.call("order.place", {
                    "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.001",
                    "price": "45000.00", "newClientOrderId": f"r-{name}-{number}"})
                await api.call("order.cancel", {"symbol": "BTCUSDT", "orderId": placed["orderId"]})
                longest = max(longest, time.monotonic() - began)
                count += 1

        async def troublemaker() -> None:
            await asyncio.sleep(SECONDS / 2)
            await asyncio.to_thread(trouble)

        await asyncio.gather(troublemaker(), *(client(name) for name in range(CLIENTS)))

        def reports():
            return [event["I"] for event in stream.events if event["e"] == "executionReport"]

        for _ in range(500):
            if len(reports()) >= 2 * count:
                break
            await asyncio.sleep(0.02)
        identities = reports()
        assert len(identities) == len(set(identities)) == 2 * count
        assert identities == sorted(identities)
        for _ in range(500):
            if not book.bids() or book.error:
                break
            await asyncio.sleep(0.02)
        assert book.error is None and book.bids() == []
        assert book.last == Rest(venue.port).public("depth", symbol="BTCUSDT")["lastUpdateId"]
    return longest, count
