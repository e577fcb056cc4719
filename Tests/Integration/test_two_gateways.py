"""Two gateways of one venue: what one has answered holds on the other at once."""

import asyncio
import os
import signal

import pytest

from book import StreamedBook
from client import Api, Refused, Rest
from venue_under_test import eventually

ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.001"}
ROUNDS = 40


@pytest.fixture(scope="module")
def other(venue):
    with venue.another_gateway(slot=1) as gateway:
        yield gateway


@pytest.fixture
def key(venue):
    return venue.make_account(f"both-{os.urandom(4).hex()}", {"USDT": "100000", "BTC": "10"}, ordersPer10Seconds=100_000)


def sides(venue, other, key) -> list[tuple[Rest, Rest]]:
    one, two = Rest(venue.port, key), Rest(other.port, key)
    return [(one, two), (two, one)]


def test_an_order_is_seen_and_cancelled_on_the_other_gateway_at_once(venue, other, key):
    for number in range(ROUNDS):
        for side, (here, there) in enumerate(sides(venue, other, key)):
            name = f"seen-{number}-{side}"
            placed = here.post("order", **ORDER, price="45000.00", newClientOrderId=name)
            assert there.get("order", symbol="BTCUSDT", orderId=placed["orderId"])["status"] == "NEW"
            assert there.get("order", symbol="BTCUSDT", origClientOrderId=name)["orderId"] == placed["orderId"]
            assert [order["orderId"] for order in there.get("openOrders", symbol="BTCUSDT")] == [placed["orderId"]]
            assert there.balances()["USDT"] == ("99955.00000000", "45.00000000")
            assert there.delete("order", symbol="BTCUSDT", orderId=placed["orderId"])["status"] == "CANCELED"
            assert here.get("order", symbol="BTCUSDT", orderId=placed["orderId"])["status"] == "CANCELED"
            assert here.get("openOrders", symbol="BTCUSDT") == []
            assert here.balances()["USDT"] == ("100000.00000000", "0.00000000")


def test_a_trade_is_seen_on_both(venue, other, key):
    maker = venue.make_account(f"maker-{os.urandom(4).hex()}", {"ETH": "10"})
    sold = Rest(venue.port, maker).post(
        "order", symbol="ETHUSDT", side="SELL", type="LIMIT", timeInForce="GTC", quantity="1", price="2500.00")
    bought = Rest(other.port, key).post("order", symbol="ETHUSDT", side="BUY", type="MARKET", quantity="1")
    assert bought["status"] == "FILLED"
    for gateway in (venue, other):
        assert Rest(gateway.port, maker).get("order", symbol="ETHUSDT", orderId=sold["orderId"])["status"] == "FILLED"
        assert Rest(gateway.port, maker).balances()["USDT"][0] == "2498.00000000"
        assert [trade["id"] for trade in Rest(gateway.port, key).get("myTrades", symbol="ETHUSDT")] == [
            bought["fills"][0]["tradeId"]]


def test_streams_of_the_other_gateway_show_it(venue, other, key):
    async def run():
        async with (Api(other.port, key) as stream, Api(venue.port, key) as api,
                    StreamedBook(other.port, "BTCUSDT") as book):
            await stream.subscribe_user_data()
            placed = await api.call("order.place", {**ORDER, "price": "44000.00"})
            await api.call("order.cancel", {"symbol": "BTCUSDT", "orderId": placed["orderId"]})
            for _ in range(500):
                if len(stream.events) >= 4 and book.events:
                    break
                await asyncio.sleep(0.02)
            assert book.error is None
            return placed["orderId"], stream.events, book.last

    order, events, last = asyncio.run(run())
    assert [event["x"] for event in events if event["e"] == "executionReport"] == ["NEW", "CANCELED"]
    assert {event["i"] for event in events if event["e"] == "executionReport"} == {order}
    assert [event["e"] for event in events] == ["executionReport", "outboundAccountPosition"] * 2
    # Every gateway's snapshot is as new as what any stream has shown.
    assert all(Rest(gateway.port).public("depth", symbol="BTCUSDT")["lastUpdateId"] >= last for gateway in (venue, other))


def test_a_client_id_is_one_on_both(venue, other, key):
    one, two = sides(venue, other, key)[0]
    placed = one.post("order", **ORDER, price="45000.00", newClientOrderId="twice")
    with pytest.raises(Refused) as refused:
        two.post("order", **ORDER, price="45000.00", newClientOrderId="twice")
    assert refused.value.msg == "Duplicate order sent." and refused.value.detail["orderId"] == placed["orderId"]
    two.delete("order", symbol="BTCUSDT", origClientOrderId="twice")


def test_a_captured_request_is_refused_on_the_other_gateway(venue, other, key):
    here, there = Rest(venue.port, key), Rest(other.port, key)
    query = here.signed(**ORDER, price="43000.00")
    assert here.send("POST", "/api/v3/order", query)["status"] == "NEW"
    with pytest.raises(Refused) as refused:
        there.send("POST", "/api/v3/order", query)
    assert refused.value.code == -1021
    here.delete("openOrders", symbol="BTCUSDT")


def is_refused(rest: Rest) -> bool:
    try:
        rest.get("account")
    except Refused:
        return True
    return False


def test_a_key_made_or_revoked_on_one_is_so_on_both(venue, other, key):
    for number, api in enumerate((venue.api, other.api)):
        made = api.post(f"/accounts/{key['id']}/keys", {
            "label": f"k{number}", "permissions": ["READ", "TRADE"], "reason": "test"})
        fresh = {**key, "apiKey": made["apiKey"], "secretKey": made["secretKey"]}
        for here, _ in sides(venue, other, fresh):
            assert here.get("account")["uid"] == key["id"]
        api.delete(f"/keys/{fresh['apiKey']}", reason="test")
        for here, _ in sides(venue, other, fresh):
            # Each gateway learns of it from the log, a moment later.
            eventually(lambda: is_refused(here), what="the revoked key to be refused")
            for call in (lambda: here.get("account"), lambda: here.post("order", **ORDER, price="45000.00")):
                with pytest.raises(Refused) as refused:
                    call()
                assert (refused.value.status, refused.value.code) == (401, -2015)


def test_a_gateway_that_is_killed_costs_the_other_nothing(venue, key):
    with venue.another_gateway(slot=2) as lost:
        placed = Rest(lost.port, key).post("order", **ORDER, price="45000.00")
        os.kill(lost.process.pid(), signal.SIGKILL)
        eventually(lambda: lost.process.pid() is None, what="the gateway to be gone")
    here = Rest(venue.port, key)
    assert here.get("order", symbol="BTCUSDT", orderId=placed["orderId"])["status"] == "NEW"
    assert here.delete("order", symbol="BTCUSDT", orderId=placed["orderId"])["status"] == "CANCELED"


def test_a_gateway_that_starts_later_knows_prevented_matches_from_the_database(venue, key):
    here = Rest(venue.port, key)
    terms = {"symbol": "BTCUSDT", "type": "LIMIT", "timeInForce": "GTC", "price": "50000.00"}
    maker = here.post("order", **terms, side="SELL", quantity="0.003")
    taker = here.post("order", **terms, side="BUY", quantity="0.001", selfTradePreventionMode="DECREMENT")
    assert taker["status"] == "EXPIRED_IN_MATCH"
    here.delete("order", symbol="BTCUSDT", orderId=maker["orderId"])
    names = ("status", "preventedMatchId", "preventedQuantity")
    seen = {order["orderId"]: {name: order[name] for name in names} for order in (
        here.get("order", symbol="BTCUSDT", orderId=placed["orderId"]) for placed in (maker, taker))}
    match = seen[taker["orderId"]]["preventedMatchId"]
    assert match > 0 and seen == {
        maker["orderId"]: {"status": "CANCELED", "preventedMatchId": match, "preventedQuantity": "0.00100000"},
        taker["orderId"]: {"status": "EXPIRED_IN_MATCH", "preventedMatchId": match, "preventedQuantity": "0.00100000"}}

    def history():
        statuses = venue.query(
            "SELECT status FROM orders.orders WHERE order_id IN (%s, %s)", maker["orderId"], taker["orderId"])
        return len(statuses) == 2 and all(status >= 3 for status, in statuses)

    eventually(history, what="the history of both orders")
    with venue.another_gateway(slot=5) as gateway:
        later = Rest(gateway.port, key)
        for order, expected in seen.items():
            shown = later.get("order", symbol="BTCUSDT", orderId=order)
            assert {name: shown[name] for name in names} == expected
        listed = {order["orderId"]: order for order in later.get("allOrders", symbol="BTCUSDT")}
        for order, expected in seen.items():
            assert {name: listed[order][name] for name in names} == expected
