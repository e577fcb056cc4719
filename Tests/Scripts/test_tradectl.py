"""scripts/tradectl against a server that answers as the operator API does."""

import json
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

TRADECTL = Path(__file__).resolve().parents[2] / "scripts" / "tradectl"
TOKEN = "a-token-of-an-operator"


class Operator(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def _answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        self.server.seen.append((self.command, self.path, body))
        status, answer = self.server.answers.get((self.command, self.path), (200, {}))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            status, answer = 401, {"code": "UNAUTHORIZED", "message": "send a token"}
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_DELETE = _answer


@pytest.fixture
def operator():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Operator)
    server.seen, server.answers = [], {}
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def run(server, *arguments, token=TOKEN):
    environment = {**os.environ, "TRADECTL_URL": f"http://127.0.0.1:{server.server_address[1]}", "TRADECTL_TOKEN": token}
    return subprocess.run([TRADECTL, *arguments], env=environment, capture_output=True, text=True, timeout=60)


def test_a_listing_is_a_table(operator):
    operator.answers["GET", "/operator/v1/assets"] = 200, [
        {"code": "BTC", "decimals": 8, "depositsEnabled": True}, {"code": "AAPL", "decimals": 8, "depositsEnabled": False}]
    done = run(operator, "assets", "list")
    assert done.returncode == 0
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["code", "decimals", "depositsEnabled"], ["BTC", "8", "yes"], ["AAPL", "8", "no"]]


def test_people_see_times_and_plain_numbers_programs_what_the_api_said(operator):
    row = {"time": 1700000000123, "amount": "5.00000000", "asset": "BTC", "transactionId": ""}
    operator.answers["GET", "/operator/v1/deposits"] = 200, [row, row]
    line = run(operator, "deposits", "list").stdout.splitlines()[1]
    assert line.split() == ["2023-11-14T22:13:20.123Z", "BTC", "5", "-"]
    assert json.loads(run(operator, "deposits", "list", "--json").stdout) == [row, row]


def test_a_market_can_be_seen_whole(operator):
    operator.answers["GET", "/operator/v1/instruments"] = 200, [{"symbol": "BTCUSDT", "minPrice": "0.01"}]
    assert "minPrice" not in run(operator, "instruments", "list").stdout
    assert "minPrice" in run(operator, "instruments", "show", "BTCUSDT").stdout
    assert run(operator, "instruments", "show", "X").stderr == "tradectl: NOT_FOUND: there is no instrument X\n"


def test_json_is_the_answer_itself(operator):
    operator.answers["GET", "/operator/v1/accounts/7"] = 200, {"id": 7, "openNotionalLimits": []}
    assert json.loads(run(operator, "accounts", "show", "7", "--json").stdout) == {"id": 7, "openNotionalLimits": []}
    assert json.loads(run(operator, "--json", "accounts", "show", "7").stdout)["id"] == 7


def test_an_update_names_only_what_changes(operator):
    run(operator, "instruments", "set", "BTCUSDT", "--max-num-orders", "500", "--apply-max-to-market", "no",
        "--reason", "load test")
    assert operator.seen == [("PUT", "/operator/v1/instruments/BTCUSDT", {
        "maxNumOrders": 500, "applyMaxToMarket": False, "reason": "load test"})]


def test_amounts_stay_text(operator):
    run(operator, "deposits", "add", "3", "BTC", "0.10000000", "--reference", "r-1", "--reason", "wire")
    assert operator.seen == [("POST", "/operator/v1/deposits", {
        "account": 3, "asset": "BTC", "amount": "0.10000000", "reference": "r-1", "reason": "wire"})]


@pytest.mark.parametrize("arguments, method, path, body", [
    (["halt", "ETHBTC"], "POST", "instruments/ETHBTC/status", {"status": "HALT"}),
    (["resume", "ETHBTC"], "POST", "instruments/ETHBTC/status", {"status": "TRADING"}),
    (["kill", "4"], "POST", "accounts/4/kill", {"engaged": True}),
    (["kill", "4", "--release"], "POST", "accounts/4/kill", {"engaged": False}),
    (["kill", "--everything"], "POST", "kill-switch", {"engaged": True}),
    (["withdrawals", "request", "4", "USDT", "5", "--reference", "w", "--address", "x"], "POST", "withdrawals",
     {"account": 4, "asset": "USDT", "amount": "5", "withdrawOrderId": "w", "address": "x"}),
    (["withdrawals", "settle", "9", "--transaction", "t"], "POST", "withdrawals/9/settle", {"transactionId": "t"}),
    (["withdrawals", "release", "9"], "POST", "withdrawals/9/release", {}),
    (["keys", "add", "4", "--label", "bot", "--ip", "10.0.0.1, 10.0.0.2"], "POST", "accounts/4/keys",
     {"label": "bot", "type": "HMAC", "permissions": ["READ", "TRADE"], "ipAllowList": ["10.0.0.1", "10.0.0.2"]}),
    (["keys", "revoke", "a/b"], "DELETE", "keys/a%2Fb?reason=news", None),
    (["fees", "add", "maker", "--maker-basis-points", "0", "--taker-basis-points", "5"], "POST", "fee-schedules",
     {"name": "maker", "makerBasisPoints": 0, "takerBasisPoints": 5}),
    (["accounts", "add", "--name", "ann", "--fee-schedule", "standard", "--set",
      'openNotionalLimits=[{"asset":"USDT","amount":"1"}]'], "POST", "accounts",
     {"name": "ann", "feeSchedule": "standard", "openNotionalLimits": [{"asset": "USDT", "amount": "1"}]}),
    (["venue", "set", "--orders-per-day", "1000"], "PUT", "venue", {"ordersPerDay": 1000}),
    (["audit", "--limit", "5"], "GET", "audit?limit=5", None),
])
def test_each_command_is_one_request(operator, arguments, method, path, body):
    if method != "GET":
        arguments = [*arguments, "--reason", "news"]
    done = run(operator, *arguments)
    assert done.returncode == 0, done.stderr
    if body is not None:
        body = {**body, "reason": "news"}
    assert operator.seen == [(method, f"/operator/v1/{path}", body)]


def test_a_change_without_a_reason_is_not_sent(operator):
    done = run(operator, "kill", "--everything")
    assert done.returncode == 2 and "--reason" in done.stderr
    assert operator.seen == []


def test_an_error_is_one_line_and_not_zero(operator):
    operator.answers["POST", "/operator/v1/kill-switch"] = 400, {
        "code": "INVALID_FIELD", "message": "engaged must be a Bool", "field": "engaged"}
    done = run(operator, "kill", "--everything", "--reason", "drill")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "tradectl: INVALID_FIELD: engaged must be a Bool (engaged)\n"
    assert run(operator, "venue", "show", token="wrong").stderr == "tradectl: UNAUTHORIZED: send a token\n"


def test_a_venue_that_is_away_is_one_line(operator):
    environment = {**os.environ, "TRADECTL_URL": "http://127.0.0.1:1"}
    done = subprocess.run([TRADECTL, "venue", "show"], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 69
    assert done.stderr.startswith("tradectl: unreachable: http://127.0.0.1:1: ")
    assert done.stderr.count("\n") == 1
