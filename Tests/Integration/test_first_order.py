"""The thin line: an order in, a trade out, and everything that follows from it."""

import asyncio

import pytest

from client import Api, Refused, Rest


@pytest.fixture(scope="module")
def maker(venue):
    return Rest(venue.port, venue.accounts[0])


@pytest.fixture(scope="module")
def taker(venue):
    return Rest(venue.port, venue.accounts[1])


def test_a_limit_order_rests_and_is_seen_at_once(maker):
    order = maker.post("order", symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.01",
                       price="45000.00", newClientOrderId="first-1")
    assert order["status"] == "NEW" and order["executedQty"] == "0.00000000"
    seen = maker.get("order", symbol="BTCUSDT", orderId=order["orderId"])
    assert seen["clientOrderId"] == "first-1" and seen["isWorking"] is True
    assert [entry["orderId"] for entry in maker.get("openOrders", symbol="BTCUSDT")] == [order["orderId"]]
    free, locked = maker.balances()["USDT"]
    assert (free, locked) == ("999550.00000000", "450.00000000")
    canceled = maker.delete("order", symbol="BTCUSDT", orderId=order["orderId"])
    assert canceled["status"] == "CANCELED" and canceled["origClientOrderId"] == "first-1"
    assert maker.balances()["USDT"] == ("1000000.00000000", "0.00000000")


def test_two_accounts_trade_and_pay_their_fees(venue, maker, taker):
    before = {name: rest.balances() for name, rest in (("maker", maker), ("taker", taker))}
    maker.post("order", symbol="ETHUSDT", side="SELL", type="LIMIT", timeInForce="GTC", quantity="2", price="2500")
    filled = taker.post("order", symbol="ETHUSDT", side="BUY", type="MARKET", quantity="1", newOrderRespType="FULL")
    assert filled["status"] == "FILLED" and filled["cummulativeQuoteQty"] == "2500.00000000"
    # Taker 10 basis points of the ETH received, maker 8 of the USDT.
    assert filled["fills"] == [{
        "price": "2500.00000000", "qty": "1.00000000", "commission": "0.00100000", "commissionAsset": "ETH",
        "tradeId": filled["fills"][0]["tradeId"]}]
    assert taker.balances()["ETH"] == ("1000.99900000", "0.00000000")
    assert taker.balances()["USDT"] == ("997500.00000000", "0.00000000")
    assert maker.balances()["USDT"] == ("1002498.00000000", "0.00000000")
    assert maker.balances()["ETH"] == ("998.00000000", "1.00000000")
    assert before["taker"]["ETH"] == ("1000.00000000", "0.00000000")
    trades = maker.get("myTrades", symbol="ETHUSDT")
    assert [(trade["qty"], trade["commission"], trade["isMaker"]) for trade in trades] == [
        ("1.00000000", "2.00000000", True)]
    assert Rest(venue.port).public("trades", symbol="ETHUSDT")[-1]["price"] == "2500.00000000"
    maker.delete("openOrders", symbol="ETHUSDT")


def test_the_books_balance(venue):
    venue.await_verified()


@pytest.mark.parametrize(("parameters", "code", "text"), [
    ({"quantity": "0.000001"}, -1013, "Filter failure: LOT_SIZE"),
    ({"price": "0"}, -1013, "Filter failure: PRICE_FILTER"),
    ({"price": "45000.001"}, -1013, "Filter failure: PRICE_FILTER"),
    ({"price": "61000.00"}, -1013, "Filter failure: PERCENT_PRICE_BY_SIDE"),
    ({"quantity": "0.00010", "price": "40000.00"}, -1013, "Filter failure: NOTIONAL"),
    ({"quantity": "25", "price": "50000.00"}, -2010, "Account has insufficient balance for requested action."),
    ({"symbol": "NOPE"}, -1121, "Invalid symbol."),
    ({"side": "HOLD"}, -1117, "Invalid side."),
    ({"type": "WISH"}, -1116, "Invalid orderType."),
    ({"timeInForce": "SOON"}, -1115, "Invalid timeInForce."),
    ({"price": "45000.000000001"}, -1111, "Parameter 'price' has too much precision."),
])
def test_refusals_have_the_contracts_code_and_text(maker, parameters, code, text):
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01",
             "price": "45000.00", **parameters}
    with pytest.raises(Refused) as refused:
        maker.post("order", **order)
    assert (refused.value.status, refused.value.code, refused.value.msg) == (400, code, text)


def test_the_same_client_id_never_trades_twice(maker):
    terms = dict(symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.01", price="44000.00",
                 newClientOrderId="once-1")
    first = maker.post("order", **terms)
    with pytest.raises(Refused) as refused:
        maker.post("order", **terms)
    assert refused.value.code == -2010 and refused.value.msg == "Duplicate order sent."
    assert refused.value.detail["orderId"] == first["orderId"]
    maker.delete("order", symbol="BTCUSDT", origClientOrderId="once-1")
    with pytest.raises(Refused):
        maker.post("order", **terms)


def test_what_does_not_exist_is_said_to_be_so(maker):
    with pytest.raises(Refused) as refused:
        maker.get("order", symbol="BTCUSDT", origClientOrderId="never-sent")
    assert (refused.value.code, refused.value.msg) == (-2013, "Order does not exist.")
    with pytest.raises(Refused) as refused:
        maker.delete("order", symbol="BTCUSDT", origClientOrderId="never-sent-2")
    assert (refused.value.code, refused.value.msg) == (-2011, "Unknown order sent.")


def test_the_user_stream_tells_in_the_contracts_order(venue):
    async def run():
        async with Api(venue.port, venue.accounts[0]) as api:
            await api.subscribe_user_data()
            placed = await api.call("order.place", {
                "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01",
                "price": "43000.00", "newClientOrderId": "stream-1"})
            await api.call("order.cancel", {"symbol": "BTCUSDT", "orderId": placed["orderId"],
                                            "newClientOrderId": "stream-cancel-1"})
            for _ in range(500):
                if len(api.events) >= 4:
                    break
                await asyncio.sleep(0.01)
            return api.events

    events = asyncio.run(run())
    assert [event["e"] for event in events] == [
        "executionReport", "outboundAccountPosition", "executionReport", "outboundAccountPosition"]
    new, held, canceled, released = events
    assert (new["x"], new["X"], new["c"], new["C"], new["w"]) == ("NEW", "NEW", "stream-1", "", True)
    assert (canceled["x"], canceled["X"], canceled["c"], canceled["C"]) == (
        "CANCELED", "CANCELED", "stream-cancel-1", "stream-1")
    assert held["B"] == [{"a": "USDT", "f": held["B"][0]["f"], "l": "430.00000000"}]
    assert released["B"][0]["l"] == "0.00000000"
    assert new["I"] < canceled["I"]
