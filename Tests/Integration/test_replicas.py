"""Two processes of one service on the same partitions: first writer wins, and losing one costs clients nothing."""

import asyncio
import time

import pytest

from client import Api, Rest
from venue_under_test import eventually
from venue.processes import free_ports, wait_until

REPLICATED = ["order-service", "ledger-service", "matching-engine", "market-data-broadcaster"]
SECONDS = 8
# A client sees no gap when no answer takes longer than this while a replica dies.
LONGEST_ANSWER_SECONDS = 5


@pytest.mark.parametrize("name", REPLICATED)
def test_two_replicas_and_the_loss_of_one(make_venue, name):
    venue = make_venue()
    second = venue.service(name, suffix="-second", operations_port=free_ports(1)[0])
    from venue.processes import ManagedProcess
    second.process = ManagedProcess(second.name, venue.folder / "services")
    second.process.start(second.command, environment=second.environment)
    try:
        assert wait_until(second.is_ready, 60), second.readiness()
        longest, count = asyncio.run(trade_while(venue, lambda: venue.kill(name)))
        assert count > 100
        assert longest < LONGEST_ANSWER_SECONDS
        assert second.process.exit_code() is None
        rest = Rest(venue.port, venue.accounts[0])
        assert rest.get("openOrders", symbol="BTCUSDT") == []
        assert rest.balances()["USDT"][1] == "0.00000000"
        venue.restart(name)
        assert "pass" in eventually(lambda: venue.verify(), what="verify").lower()
    finally:
        second.process.stop()


async def trade_while(venue, trouble) -> tuple[float, int]:
    """Places and cancels for a while, with `trouble` in the middle; the longest answer in seconds, and how many."""
    longest, count = 0.0, 0
    async with Api(venue.port, venue.accounts[0]) as api:
        end, troubled = time.monotonic() + SECONDS, False
        while time.monotonic() < end:
            if not troubled and time.monotonic() > end - SECONDS / 2:
                troubled = True
                await asyncio.to_thread(trouble)
            began = time.monotonic()
            placed = await api.call("order.place", {
                "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.001",
                "price": "45000.00"})
            await api.call("order.cancel", {"symbol": "BTCUSDT", "orderId": placed["orderId"]})
            longest = max(longest, time.monotonic() - began)
            count += 1
    return longest, count
