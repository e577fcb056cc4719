"""Rows of the contract's error table, provoked on a whole venue over REST and over the WebSocket API."""

import asyncio
import hashlib
import hmac
import http.client
import json
import time
import urllib.parse

import pytest

from client import Api, Refused, Rest
from venue_under_test import eventually

ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": "45000.00"}


@pytest.fixture(scope="module")
def key(venue):
    return venue.accounts[0]


@pytest.fixture(scope="module")
def rest(venue, key):
    return Rest(venue.port, key)


def now() -> int:
    return int(time.time() * 1000)


def raw(venue, method: str, path: str, parameters, key: dict | None = None, headers: dict | None = None,
        signature: str | None = None) -> tuple[int, dict]:
    """A request exactly as given; signed with `key` unless a signature is given."""
    query = parameters if isinstance(parameters, str) else urllib.parse.urlencode(parameters)
    if key is not None:
        signature = signature or hmac.new(key["secretKey"].encode(), query.encode(), hashlib.sha256).hexdigest()
        query += f"&signature={signature}"
        headers = {"X-MBX-APIKEY": key["apiKey"], **(headers or {})}
    link = http.client.HTTPConnection("127.0.0.1", venue.port, timeout=15)
    try:
        link.request(method, f"{path}?{query}" if query else path, headers=headers or {})
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        link.close()


def expect(answer: tuple[int, dict], status: int, code: int, text: str | None = None) -> None:
    assert (answer[0], answer[1]["code"]) == (status, code), answer
    if text is not None:
        assert answer[1]["msg"] == text


PUBLIC = [
    ("depth", {}, 400, -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."),
    ("depth", {"symbol": "NOPE"}, 400, -1121, "Invalid symbol."),
    ("depth", {"symbol": "BTCUSDT", "limit": "0"}, 400, None, None),
    ("depth", {"symbol": "BTCUSDT", "limit": "ten"}, 400, None, None),
    ("klines", {"symbol": "BTCUSDT", "interval": "7m"}, 400, -1120, "Invalid interval."),
    ("exchangeInfo", {"symbols": '["BTCUSDT","BTCUSDT"]'}, 400, -1151, "Symbol is present multiple times in the list."),
    ("ticker/24hr", {"symbol": "BTCUSDT", "symbols": '["BTCUSDT"]'}, 400, -1128,
     "Combination of optional parameters invalid."),
    ("time", "symbol=A&symbol=B", 400, -1101, "Duplicate values for a parameter detected."),
]


@pytest.mark.parametrize(("path", "parameters", "status", "code", "text"), PUBLIC)
def test_public_requests_are_refused_as_the_table_says(venue, path, parameters, status, code, text):
    answer = raw(venue, "GET", "/api/v3/" + path, parameters)
    if code is None:
        assert answer[0] == status and answer[1]["code"] in (-1102, -1130)
    else:
        expect(answer, status, code, text)


def test_an_unknown_path_is_404(venue):
    assert raw(venue, "GET", "/api/v3/nothing", "")[0] == 404


def test_a_bad_time_unit_is_refused(venue):
    expect(raw(venue, "GET", "/api/v3/time", "", headers={"X-MBX-TIME-UNIT": "FORTNIGHT"}), 400, -1194)


def test_authentication_is_checked_in_the_contracts_order(venue, key):
    path, order = "/api/v3/order", {**ORDER, "timestamp": now()}
    expect(raw(venue, "POST", path, order), 401, -2014, "API-key format invalid.")
    unknown = {"apiKey": "A" * 64, "secretKey": "x"}
    expect(raw(venue, "POST", path, order, unknown), 401, -2015, "Invalid API-key, IP, or permissions for action.")
    expect(raw(venue, "POST", path, ORDER, key), 400, -1102)
    expect(raw(venue, "POST", path, {**order, "timestamp": now()}, key, signature="0" * 64), 400, -1022,
           "Signature for this request is not valid.")
    expect(raw(venue, "POST", path, {**order, "timestamp": now() - 60_000}, key), 400, -1021,
           "Timestamp for this request is outside of the recvWindow.")
    expect(raw(venue, "POST", path, {**order, "timestamp": now() + 5_000}, key), 400, -1021,
           "Timestamp for this request was 1000ms ahead of the server's time.")
    expect(raw(venue, "POST", path, {**order, "timestamp": now(), "recvWindow": 60_001}, key), 400, -1131)


@pytest.mark.parametrize("stamp", ["-1", "-9223372036854775807", "9223372036854775807", "99999999999999999999", "abc", ""])
def test_no_timestamp_harms_the_gateway(venue, key, stamp):
    status, answer = raw(venue, "GET", "/api/v3/account", {"timestamp": stamp}, key)
    assert status == 400 and answer["code"] in (-1021, -1100, -1102)
    assert raw(venue, "GET", "/api/v3/ping", "") == (200, {})


def test_a_captured_request_is_not_carried_out_again(venue, key):
    order = {**ORDER, "price": "42000.00", "timestamp": now()}
    assert raw(venue, "POST", "/api/v3/order", order, key)[0] == 200
    expect(raw(venue, "POST", "/api/v3/order", order, key), 400, -1021)


@pytest.mark.parametrize(("change", "code", "text"), [
    ({"type": "MARKET", "price": "1", "timeInForce": None}, -1106, "Parameter 'price' sent when not required."),
    ({"type": "MARKET", "price": None}, -1106, "Parameter 'timeInForce' sent when not required."),
    ({"type": "LIMIT_MAKER", "timeInForce": "IOC"}, -1106, "Parameter 'timeInForce' sent when not required."),
    ({"price": None}, -1102, "Mandatory parameter 'price' was not sent, was empty/null, or malformed."),
    ({"quantity": "lots"}, None, None),
    ({"newClientOrderId": "no spaces please"}, -1100, None),
    ({"newClientOrderId": "a" * 37}, -1100, None),
    ({"newOrderRespType": "LONG"}, None, None),
    ({"selfTradePreventionMode": "MAYBE"}, None, None),
])
def test_orders_are_refused_as_the_table_says(rest, change, code, text):
    order = {name: value for name, value in {**ORDER, **change}.items() if value is not None}
    with pytest.raises(Refused) as refused:
        rest.post("order", **order)
    assert refused.value.status == 400
    if code is None:
        assert refused.value.code in (-1100, -1102, -1130)
    else:
        assert refused.value.code == code
    if text is not None:
        assert refused.value.msg == text


def test_order_id_and_client_id_must_agree(rest):
    placed = rest.post("order", **ORDER, newClientOrderId="agree-1")
    for call in (rest.get, rest.delete):
        with pytest.raises(Refused) as refused:
            call("order", symbol="BTCUSDT", orderId=placed["orderId"], origClientOrderId="agree-2")
        assert refused.value.code == -2039
    rest.delete("order", symbol="BTCUSDT", orderId=placed["orderId"], origClientOrderId="agree-1")


def test_an_amendment_only_makes_smaller(rest):
    placed = rest.post("order", **ORDER)
    for quantity, text in (("0.02", "Order amend (quantity increase) is not supported."),
                           ("0.01", "The requested action would change no state; rejecting.")):
        with pytest.raises(Refused) as refused:
            rest.put("order/amend/keepPriority", symbol="BTCUSDT", orderId=placed["orderId"], newQty=quantity)
        assert (refused.value.code, refused.value.msg) == (-2038, text)
    amended = rest.put("order/amend/keepPriority", symbol="BTCUSDT", orderId=placed["orderId"], newQty="0.005")
    assert amended["amendedOrder"]["qty"] == "0.00500000"
    assert rest.balances()["USDT"][1].startswith(("225.", "645.")), "half of the hold is released"
    rest.delete("order", symbol="BTCUSDT", orderId=placed["orderId"])


def test_a_cancel_can_be_restricted(rest):
    placed = rest.post("order", **ORDER)
    with pytest.raises(Refused) as refused:
        rest.delete("order", symbol="BTCUSDT", orderId=placed["orderId"], cancelRestrictions="ONLY_PARTIALLY_FILLED")
    assert (refused.value.code, refused.value.msg) == (-2011, "Order was not canceled due to cancel restrictions.")
    with pytest.raises(Refused) as refused:
        rest.delete("order", symbol="BTCUSDT", orderId=placed["orderId"], cancelRestrictions="SOMETIMES")
    assert refused.value.code == -1145
    rest.delete("order", symbol="BTCUSDT", orderId=placed["orderId"], cancelRestrictions="ONLY_NEW")


def test_more_than_a_day_of_orders_is_not_asked_for(rest):
    with pytest.raises(Refused) as refused:
        rest.get("allOrders", symbol="BTCUSDT", startTime=now() - 90_000_000, endTime=now())
    assert refused.value.code == -1127


def test_a_halt_closes_the_market_and_lets_cancels_through(venue, rest):
    placed = rest.post("order", **{**ORDER, "symbol": "ETHUSDT", "price": "2250.00"})
    venue.api.post("/instruments/ETHUSDT/status", {"status": "HALT", "reason": "test"})
    with pytest.raises(Refused) as refused:
        rest.post("order", **{**ORDER, "symbol": "ETHUSDT", "price": "2250.00"})
    assert (refused.value.code, refused.value.msg) == (-2010, "Market is closed.")
    assert rest.delete("order", symbol="ETHUSDT", orderId=placed["orderId"])["status"] == "CANCELED"
    venue.api.post("/instruments/ETHUSDT/status", {"status": "TRADING", "reason": "test"})
    placed = rest.post("order", **{**ORDER, "symbol": "ETHUSDT", "price": "2250.00"})
    rest.delete("order", symbol="ETHUSDT", orderId=placed["orderId"])


def test_the_kill_switch_cancels_and_refuses(venue):
    key = venue.make_account("killed", {"USDT": "10000"})
    rest = Rest(venue.port, key)
    placed = rest.post("order", **ORDER)
    venue.api.post(f"/accounts/{key['id']}/kill", {"engaged": True, "reason": "test"})
    with pytest.raises(Refused) as refused:
        rest.post("order", **ORDER)
    assert (refused.value.code, refused.value.msg) == (-2010, "This action is disabled on this account.")
    # The operator is answered once the account is killed; what it has open follows.
    eventually(lambda: rest.get("order", symbol="BTCUSDT", orderId=placed["orderId"])["status"] == "CANCELED")
    assert rest.balances()["USDT"] == ("10000.00000000", "0.00000000")


def test_a_revoked_key_ends_at_once(venue):
    key = venue.make_account("revoked", {})
    rest = Rest(venue.port, key)
    assert rest.get("account")["uid"] == key["id"]
    venue.api.delete(f"/keys/{key['apiKey']}", reason="test")
    with pytest.raises(Refused) as refused:
        rest.get("account")
    assert (refused.value.status, refused.value.code) == (401, -2015)


def test_a_key_without_the_permission_is_refused(venue):
    key = venue.make_account("reader", {"USDT": "1000"}, permissions=("READ",))
    rest = Rest(venue.port, key)
    assert rest.balances()["USDT"][0] == "1000.00000000"
    with pytest.raises(Refused) as refused:
        rest.post("order", **ORDER)
    assert (refused.value.status, refused.value.code) == (401, -2015)


def test_an_accounts_order_rate_is_limited_and_shown(venue):
    key = venue.make_account("slow", {"USDT": "100000"}, ordersPer10Seconds=3)
    rest = Rest(venue.port, key)
    with pytest.raises(Refused) as refused:
        for _ in range(8):
            rest.post("order", **ORDER)
            assert 1 <= int(rest.headers["x-mbx-order-count-10s"]) <= 3
    assert (refused.value.status, refused.value.code) == (429, -1015)
    assert int(rest.headers["retry-after"]) <= 10


def test_sockets_refuse_as_rest_does(venue, key):
    async def run():
        async with Api(venue.port, key) as api:
            await api.socket.send("{not json")
            await api.subscribe_user_data()
            codes = []
            for method, parameters, signed in (
                    ("userDataStream.subscribe.signature", {}, True), ("order.place", {**ORDER, "price": "61000.00"}, True),
                    ("no.such.method", {}, False), ("order.status", {"symbol": "BTCUSDT"}, True),
                    ("depth", {"symbol": "NOPE"}, False)):
                message = await asyncio.wait_for(await api.send(method, parameters, signed), 15)
                codes.append((message["status"], message["error"]["code"]))
            assert await api.call("ping", signed=False) == {}
            return codes

    codes = asyncio.run(run())
    assert codes[0] == (400, -2035)
    assert codes[1] == (400, -1013)
    assert codes[2][0] in (400, 404) and codes[2][1] in (-1000, -1020)
    assert codes[3] == (400, -1102)
    assert codes[4] == (400, -1121)
