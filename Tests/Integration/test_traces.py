"""One request through all five services, by the trace id in their logs."""

import asyncio
import json
import secrets
import urllib.request

import pytest

from client import Api, Refused, Rest
from venue_under_test import SERVICES, Deployment, eventually


@pytest.fixture(scope="module")
def venue(tmp_path_factory):
    deployment = Deployment(tmp_path_factory.mktemp("venue"), common={"LOG_LEVEL": "debug"})
    try:
        deployment.start()
        yield deployment
    finally:
        deployment.stop()


class Trace:
    def __init__(self):
        self.id = secrets.token_hex(16)
        self.headers = {"traceparent": f"00-{self.id}-{secrets.token_hex(8)}-00"}

    def lines(self, venue, name: str) -> list[dict]:
        """What a service has logged of it."""
        with open(venue.named(name).process.log, encoding="utf-8", errors="replace") as log:
            return [json.loads(line) for line in log if self.id in line and line.endswith("\n")]

    def records(self, venue, name: str) -> list[tuple[str, str]]:
        return [(line["inbox"].rsplit("-", 1)[0], line["record"]) for line in self.lines(venue, name)
                if line["message"] == "applied"]

    def await_services(self, venue, names=SERVICES) -> None:
        for name in names:
            eventually(lambda: self.lines(venue, name), 20, f"a line of {self.id} in the log of {name}")


ORDER = dict(symbol="ETHUSDT", side="SELL", type="LIMIT", timeInForce="GTC", quantity="1", price="2600")


def test_an_order_over_rest_is_followed_through_all_services(venue):
    trace = Trace()
    rest = Rest(venue.port, venue.accounts[0], trace.headers)
    rest.post("order", **ORDER)
    trace.await_services(venue)
    answered = trace.lines(venue, "gateway")
    assert [(line["message"], line["endpoint"], line["code"]) for line in answered] == [("answered", "placeOrder", 0)]
    assert trace.records(venue, "order-service") == [("orders", "placeOrder")]
    assert trace.records(venue, "ledger-service") == [("ledger", "submitOrder")]
    assert trace.records(venue, "matching-engine") == [("matching", "submitOrder")]
    assert trace.records(venue, "market-data-broadcaster") == [("executions", "execution")]
    for name in SERVICES:
        assert {line["trace_id"] for line in trace.lines(venue, name)} == {trace.id}
        assert {line["service"] for line in trace.lines(venue, name)} == {name}


def test_what_an_order_does_to_the_one_it_meets_belongs_to_its_trace(venue):
    maker = Rest(venue.port, venue.accounts[0])
    maker.post("order", **ORDER | {"price": "2550"})
    trace = Trace()
    Rest(venue.port, venue.accounts[1], trace.headers).post(
        "order", **ORDER | {"side": "BUY", "price": "2550", "newOrderRespType": "FULL"})
    eventually(lambda: ("ledger", "settlement") in trace.records(venue, "ledger-service"), 20, "the settlement")


def test_requests_of_a_socket_have_the_trace_of_its_handshake(venue):
    trace = Trace()

    async def run():
        async with Api(venue.port, venue.accounts[0], trace.headers) as api:
            await api.call("order.place", ORDER | {"newClientOrderId": "traced-1"})
            await api.call("order.cancel", {"symbol": "ETHUSDT", "origClientOrderId": "traced-1"})

    asyncio.run(run())
    trace.await_services(venue)
    eventually(lambda: [line["endpoint"] for line in trace.lines(venue, "gateway")] == ["placeOrder", "cancelOrder"],
               20, "both requests")
    eventually(lambda: trace.records(venue, "matching-engine") == [
        ("matching", "submitOrder"), ("matching", "cancelOrder")], 20, "both records")


def test_a_request_without_a_trace_gets_one(venue):
    rest = Rest(venue.port, venue.accounts[0])
    with pytest.raises(Refused):
        rest.post("order", **ORDER | {"quantity": "0"})
    request = rest.headers["x-request-id"]

    def logged():
        with open(venue.named("gateway").process.log, encoding="utf-8") as log:
            return next((json.loads(line) for line in log if request in line and line.endswith("\n")), None)

    trace = Trace()
    trace.id = eventually(logged, 20, "the request in the log")["trace_id"]
    trace.await_services(venue, ["gateway"])


def test_an_operators_change_is_followed_too(venue):
    trace = Trace()
    request = urllib.request.Request(
        f"http://127.0.0.1:{venue.operator_port}/operator/v1/deposits",
        data=json.dumps({"account": venue.accounts[0]["id"], "asset": "USDT", "amount": "1",
                         "reference": f"traced-{trace.id[:8]}", "reason": "a traced deposit"}).encode(),
        headers={"Authorization": f"Bearer {venue.token}", "Content-Type": "application/json", **trace.headers})
    urllib.request.urlopen(request, timeout=20).read()
    trace.await_services(venue, ["gateway", "order-service", "ledger-service"])
    assert trace.records(venue, "ledger-service") == [("ledger", "deposit")]
