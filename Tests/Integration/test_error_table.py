"""More rows of the contract's error table: limits and bans, outcomes that are unknown, refusals of each kind."""

import asyncio
import os
import signal
import time

import pytest

from client import Api, Refused, Rest
from venue_under_test import eventually

ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": "45000.00"}
MARKET = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET"}


def refusal(call, *arguments, **parameters) -> Refused:
    with pytest.raises(Refused) as refused:
        call(*arguments, **parameters)
    return refused.value


@pytest.fixture(scope="module")
def key(venue):
    return venue.make_account("table", {"USDT": "100000", "BTC": "10"}, ordersPer10Seconds=100_000)


@pytest.fixture(scope="module")
def rest(venue, key):
    return Rest(venue.port, key)


def test_too_much_weight_is_429_and_going_on_is_a_ban(venue):
    key = venue.make_account("heavy", {})
    with venue.another_gateway(slot=3, settings={"LIMITS_REQUEST_WEIGHT": "100"}) as gateway:
        rest = Rest(gateway.port, key)
        assert {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 100} in (
            rest.public("exchangeInfo", symbol="BTCUSDT")["rateLimits"])
        # A new minute may begin in between.
        answers = []
        while not answers or answers[-1].status != 418:
            assert len(answers) < 40
            try:
                rest.get("account")
            except Refused as refused:
                answers.append(refused)
                wait = int(rest.headers["retry-after"])
                assert 0 < wait <= (120 if refused.status == 418 else 60)
                assert 0 < refused.detail["retryAfterMs"] <= wait * 1000
            assert int(rest.headers["x-mbx-used-weight-1m"]) <= 100
        assert {answer.code for answer in answers} == {-1003}
        assert {answer.msg for answer in answers[:-1]} == {
            "Too much request weight used; current limit is 100 request weight per 1 MINUTE."}
        assert len(answers) > 10, "a ban comes only after ten refusals"
        assert answers[-1].msg.startswith("Way too much request weight used; banned until ")
        until = int(answers[-1].msg.rstrip(".").rpartition(" ")[2])
        assert 100_000 < until - time.time() * 1000 <= 120_000
        # It is the key that is banned, not everybody at its address.
        other = venue.make_account("light", {})
        assert Rest(gateway.port, other).get("account")["uid"] == other["id"]


def test_a_key_is_bound_to_its_addresses_and_says_why_it_is_refused(venue, rest, key):
    made = venue.api.post(f"/accounts/{key['id']}/keys", {
        "label": "far", "permissions": ["READ"], "ipAllowList": ["203.0.113.7"], "reason": "test"})
    refused = refusal(Rest(venue.port, made).get, "account")
    assert (refused.status, refused.code, refused.detail["reason"]) == (401, -2015, "IP_NOT_ALLOWED")
    reader = venue.api.post(f"/accounts/{key['id']}/keys", {"label": "reader", "permissions": ["READ"], "reason": "test"})
    refused = refusal(Rest(venue.port, reader).post, "order", **ORDER)
    assert (refused.code, refused.detail["reason"], refused.detail["permission"]) == (-2015, "PERMISSION", "TRADE")
    refused = refusal(Rest(venue.port, {"apiKey": "B" * 64, "secretKey": "x"}).get, "account")
    assert (refused.code, refused.detail["reason"]) == (-2015, "KEY_UNKNOWN")


@pytest.mark.parametrize(("order", "code", "text"), [
    ({**MARKET, "quantity": "0.01", "quoteOrderQty": "500"}, -1128, "Combination of optional parameters invalid."),
    (MARKET, -1102, "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!"),
    ({**ORDER, "quoteOrderQty": "500"}, -1106, "Parameter 'quoteOrderQty' sent when not required."),
    ({**ORDER, "stopPrice": "44000"}, -1106, "Parameter 'stopPrice' sent when not required."),
    ({**ORDER, "strategyType": "1"}, -1130, "Data sent for parameter 'strategyType' is not valid."),
    ({**ORDER, "icebergQty": "0.001"}, -1020, "This operation is not supported."),
    ({**ORDER, "pegPriceType": "PRIMARY_PEG"}, -1020, "This operation is not supported."),
    ({**ORDER, "price": "0", "quantity": "0"}, -1013, "Filter failure: PRICE_FILTER"),
    ({**ORDER, "quantity": "0"}, -1013, "Filter failure: LOT_SIZE"),
    ({**MARKET, "quoteOrderQty": "0"}, -1013, "Filter failure: NOTIONAL"),
    ({**ORDER, "quantity": "0", "price": "0.123456789"}, -1111, "Parameter 'price' has too much precision."),
    ({**ORDER, "quantity": "0", "timeInForce": "SOON"}, -1115, "Invalid timeInForce."),
    ({**ORDER, "timeInForce": ""}, -1102, None),
    ({**ORDER, "quantity": "1e400"}, -1130, None),
    ({"symbol": "BTCUSDT", "side": "SELL", "type": "STOP_LOSS", "quantity": "0.01", "stopPrice": "44000.00"}, -2010,
     "Stop loss orders are not supported for this symbol."),
    ({"symbol": "BTCUSDT", "side": "SELL", "type": "TAKE_PROFIT_LIMIT", "timeInForce": "GTC", "quantity": "0.01",
      "price": "51000.00", "stopPrice": "50500.00"}, -2010,
     "Take profit limit orders are not supported for this symbol."),
])
def test_orders_that_make_no_sense_are_refused_for_real_and_in_the_test(rest, order, code, text):
    for path in ("order", "order/test"):
        refused = refusal(rest.post, path, **order)
        assert (refused.status, refused.code) == (400, code)
        assert text is None or refused.msg == text


def test_an_order_is_named_by_its_id_or_its_client_id(rest):
    text = "Param 'orderId' or 'origClientOrderId' must be sent, but both were empty/null!"
    for call in (rest.get, rest.delete):
        refused = refusal(call, "order", symbol="BTCUSDT")
        assert (refused.code, refused.msg) == (-1102, text)
    assert refusal(rest.get, "order", symbol="BTCUSDT", orderId="12x").code == -1100
    assert refusal(rest.get, "order", symbol="ETHUSDT", orderId="1024").code == -2013


def test_what_is_not_offered_says_so(venue, rest):
    for call in (lambda: rest.post("order/cancelReplace", **ORDER, cancelReplaceMode="STOP_ON_FAILURE"),
                 lambda: rest.get("myPreventedMatches", symbol="BTCUSDT"),
                 lambda: rest.call("POST", "/api/v3/userDataStream"),
                 lambda: rest.call("GET", "/sapi/v1/capital/deposit/hisrec", signed=True)):
        refused = refusal(call)
        assert (refused.status, refused.code, refused.msg) == (400, -1020, "This operation is not supported.")


def test_orders_that_the_engine_refuses_tell_why(venue, rest, key):
    maker = Rest(venue.port, venue.make_account("asks", {"BTC": "1"}))
    ask = maker.post("order", **{**ORDER, "side": "SELL", "price": "50000.00"})
    refused = refusal(rest.post, "order", symbol="BTCUSDT", side="BUY", type="LIMIT_MAKER", quantity="0.01", price="50000.00")
    assert (refused.code, refused.msg) == (-2010, "Order would immediately match and take.")
    maker.delete("order", symbol="BTCUSDT", orderId=ask["orderId"])
    venue.api.put(f"/accounts/{key['id']}", {"mayTrade": False, "reason": "test"})
    refused = refusal(rest.post, "order", **ORDER)
    assert (refused.code, refused.msg) == (-2010, "This account may not place or cancel orders.")
    venue.api.put(f"/accounts/{key['id']}", {"mayTrade": True, "reason": "test"})
    rest.post("order", **ORDER)
    rest.delete("openOrders", symbol="BTCUSDT")


@pytest.mark.parametrize(("change", "order", "text", "detail"), [
    ({"marketMaxQty": "0.5"}, {**MARKET, "quantity": "0.6"}, "MARKET_LOT_SIZE", {"limit": "0.50000", "actual": "0.60000"}),
    ({"maxNumOrders": 1}, ORDER, "MAX_NUM_ORDERS", {"limit": "1"}),
])
def test_filters_of_a_market_name_themselves_and_their_limit(venue, rest, change, order, text, detail):
    before = next(item for item in venue.api.list("/instruments") if item["symbol"] == "BTCUSDT")
    rest.post("order", **ORDER)
    venue.api.put("/instruments/BTCUSDT", {**change, "reason": "test"})
    try:
        refused = refusal(rest.post, "order", **order)
        assert (refused.status, refused.code, refused.msg) == (400, -1013, f"Filter failure: {text}")
        assert refused.detail["filter"] == text
        for name, value in detail.items():
            assert float(refused.detail[name]) == float(value)
    finally:
        venue.api.put("/instruments/BTCUSDT", {**{name: before[name] for name in change}, "reason": "test"})
        rest.delete("openOrders", symbol="BTCUSDT")


def test_a_price_of_zero_is_refused_where_no_filter_forbids_it(venue, rest):
    before = next(item for item in venue.api.list("/instruments") if item["symbol"] == "BTCUSDT")["minPrice"]
    venue.api.put("/instruments/BTCUSDT", {"minPrice": "0", "reason": "test"})
    try:
        refused = refusal(rest.post, "order", **{**ORDER, "price": "0"})
        assert (refused.status, refused.code, refused.msg) == (400, -2010, "Price * QTY is zero or less.")
    finally:
        venue.api.put("/instruments/BTCUSDT", {"minPrice": before, "reason": "test"})
    assert refusal(rest.post, "order", **{**ORDER, "price": "0"}).msg == "Filter failure: PRICE_FILTER"


def test_an_accounts_open_notional_is_limited(venue):
    key = venue.make_account(
        "limited", {"USDT": "100000"}, openNotionalLimits=[{"asset": "USDT", "amount": "1000"}])
    rest = Rest(venue.port, key)
    for _ in range(2):
        rest.post("order", **ORDER)
    refused = refusal(rest.post, "order", **ORDER)
    assert (refused.code, refused.msg) == (-1013, "Filter failure: MAX_OPEN_NOTIONAL")
    rest.delete("openOrders", symbol="BTCUSDT")
    rest.post("order", **ORDER)


def test_an_order_that_ended_without_a_fill_is_archived_after_90_days(venue, rest):
    ids = {}
    for name in ("old", "young"):
        ids[name] = rest.post("order", **ORDER)["orderId"]
        rest.delete("order", symbol="BTCUSDT", orderId=ids[name])

    def history(order: int):
        return venue.query("SELECT updated_at FROM orders.orders WHERE order_id = %s AND status = 4", order)

    eventually(lambda: all(map(history, ids.values())), what="the history of both")
    days = {"old": 91, "young": 89}
    for name, order in ids.items():
        assert venue.query(
            "UPDATE orders.orders SET updated_at = updated_at - %s WHERE order_id = %s RETURNING order_id",
            days[name] * 86_400_000, order) == [(order,)]
    # A gateway that starts now knows these orders from the database only.
    with venue.another_gateway(slot=4) as gateway:
        later = Rest(gateway.port, rest.key)
        assert later.get("order", symbol="BTCUSDT", orderId=ids["young"])["status"] == "CANCELED"
        refused = refusal(later.get, "order", symbol="BTCUSDT", orderId=ids["old"])
        assert (refused.status, refused.code) == (400, -2026)
        assert refused.msg == (
            "Order was canceled or expired with no executed qty over 90 days ago and has been archived.")


def test_sockets_have_rows_of_their_own(venue, key):
    async def run():
        async with Api(venue.port, key) as api:
            answers = {}
            for name, method, parameters, signed in (
                    ("without a logon", "userDataStream.subscribe", {}, False),
                    ("not subscribed", "userDataStream.unsubscribe", {"subscriptionId": 77}, False),
                    ("not offered", "orderList.place.oco", ORDER, True),
                    ("both", "order.place", {**MARKET, "quantity": "1", "quoteOrderQty": "1"}, True)):
                message = await asyncio.wait_for(await api.send(method, parameters, signed), 15)
                answers[name] = (message["status"], message["error"]["code"], message["error"]["msg"])
            api.answers[None] = asyncio.get_running_loop().create_future()
            await api.socket.send('{"id": 1, "method": ')
            message = await asyncio.wait_for(api.answers[None], 15)
            answers["no JSON"] = (message["status"], message["error"]["code"], message["error"]["msg"])
            return answers

    assert asyncio.run(run()) == {
        "without a logon": (401, -1002, "You are not authorized to execute this request."),
        "not subscribed": (400, -2036, "User Data Stream subscription not active."),
        "not offered": (400, -1020, "This operation is not supported."),
        "both": (400, -1128, "Combination of optional parameters invalid."),
        "no JSON": (400, -1135, "Invalid JSON Request"),
    }


def test_an_engine_that_does_not_answer_leaves_the_outcome_open_and_a_query_tells_it(venue, rest):
    engine = venue.named("matching-engine").process.pid()
    os.kill(engine, signal.SIGSTOP)
    try:
        refused = refusal(rest.post, "order", **ORDER, newClientOrderId="unknown-1")
        assert (refused.status, refused.code) == (504, -1007)
        assert refused.msg == ("Timeout waiting for response from backend server. Send status unknown; "
                               "execution status unknown.")
    finally:
        os.kill(engine, signal.SIGCONT)
    seen = eventually(lambda: unless_shed(rest.get, "order", symbol="BTCUSDT", origClientOrderId="unknown-1"), 30)
    assert seen["status"] == "NEW"
    eventually(lambda: unless_shed(rest.delete, "order", symbol="BTCUSDT", origClientOrderId="unknown-1"), 30)


def unless_shed(call, *arguments, **parameters):
    """The answer; None when the gateway, which has a backlog for a moment, has shed the request or has no answer to it."""
    try:
        return call(*arguments, **parameters)
    except Refused as refused:
        assert refused.code in (-1008, -1007)
        return None


def test_while_stores_are_away_nothing_is_claimed_that_is_not_known(make_venue, own_stores):
    venue = make_venue(stores=own_stores)
    rest = Rest(venue.port, venue.accounts[0])
    # The key has been seen, so that it needs no database.
    rest.balances()
    stores = {type(own).__name__: own for own in own_stores.stores.own}
    stores["PostgreSQL"].stop()
    refused = refusal(rest.get, "allOrders", symbol="BTCUSDT")
    assert (refused.status, refused.code) == (500, -1001)
    assert refused.msg == "Internal error; unable to process your request. Please try again."
    placed = rest.post("order", **ORDER)
    assert rest.get("order", symbol="BTCUSDT", orderId=placed["orderId"])["status"] == "NEW"
    stores["PostgreSQL"].begin()
    stores["PostgreSQL"].finish()
    eventually(lambda: [order["orderId"] for order in answered(rest)] == [placed["orderId"]], 30, "the history")

    stores["Kafka"].stop()
    # No answer says that the order was refused: it was shed, or its outcome is not known.
    refused = refusal(rest.post, "order", **ORDER)
    assert (refused.status, refused.code) in {(503, -1008), (504, -1007)}
    stores["Kafka"].begin()
    stores["Kafka"].finish()
    eventually(lambda: placed_again(rest), 60, "the venue to trade again")


def answered(rest: Rest) -> list[dict]:
    try:
        return rest.get("allOrders", symbol="BTCUSDT")
    except Refused as refused:
        assert refused.code == -1001
        return []


def placed_again(rest: Rest) -> bool:
    try:
        return rest.post("order", **ORDER)["status"] == "NEW"
    except Refused as refused:
        assert refused.code in (-1007, -1008, -1001)
        return False
