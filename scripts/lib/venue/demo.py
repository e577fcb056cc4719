"""The demo venue: four markets, two accounts with balances and API keys. Everything may be repeated."""

import hashlib
import hmac
import json
import os
import shlex
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from .console import Failure
from .operator_api import OperatorAPI, OperatorError

REASON = "demo venue"
DECIMALS = 8
MAXIMUM_STEPS = 100_000_000
MAKER_BASIS_POINTS, TAKER_BASIS_POINTS = 8, 10
ASSETS = {"BTC": "Bitcoin", "ETH": "Ether", "USDT": "Tether", "USD": "US dollar", "AAPL": "Apple Inc."}
#            base    quote   tick       step       largest qty    highest price  min notional  first reference price
MARKETS = {
    "BTCUSDT": ("BTC", "USDT", "0.01", "0.00001", "1000", "1000000", "5", "50000.00"),
    "ETHUSDT": ("ETH", "USDT", "0.01", "0.0001", "10000", "100000", "5", "2500.00"),
    "ETHBTC": ("ETH", "BTC", "0.00001", "0.001", "100000", "1000", "0.0001", "0.05000"),
    "AAPLUSD": ("AAPL", "USD", "0.01", "1", "100000000", "100000", "1", "585.00"),
}
BALANCES = {"BTC": "100", "ETH": "1000", "USDT": "1000000", "USD": "1000000", "AAPL": "100000"}
ACCOUNTS = ["demo-1", "demo-2"]
FEE_SCHEDULE = "standard"
# Accepted placements of an account that has no limits of its own.
ORDERS_PER_10_SECONDS, ORDERS_PER_DAY = 100, 200_000
# A venue that has just started lets its operators wait for the first confirmations.
SETTLE_SECONDS = 30
PASSING = ("unreachable", "OVERLOADED", "OUTCOME_UNKNOWN", "DATABASE_AWAY")


def instrument(symbol: str) -> dict:
    base, quote, tick, step, largest, highest, notional, reference = MARKETS[symbol]
    return {
        "symbol": symbol, "baseAsset": base, "quoteAsset": quote, "tickSize": tick, "stepSize": step,
        "minPrice": tick, "maxPrice": highest, "minQty": step, "maxQty": largest, "marketMinQty": step,
        "marketMaxQty": largest, "marketStepSize": step, "minNotional": notional, "maxNotional": "10000000000",
        "applyMinToMarket": True, "applyMaxToMarket": False, "bidMultiplierUp": "1.2", "bidMultiplierDown": "0.8",
        "askMultiplierUp": "1.2", "askMultiplierDown": "0.8", "maxNumOrders": 200, "maxNumAlgoOrders": 5,
        "firstReferencePrice": reference, "status": "TRADING",
    }


def seed(api: OperatorAPI, keys_file: Path) -> list[dict]:
    """Defines what is missing; returns the accounts with their keys, `{"name", "id", "apiKey", "secretKey"}`."""
    end = time.monotonic() + SETTLE_SECONDS

    def define(path: str, key: str, documents: list[dict]) -> None:
        known = {item[key]: item for item in _patiently(end, lambda: api.list(path))}
        for document in documents:
            # One that was changed since stays as it is; one that is not confirmed everywhere is sent again.
            if not known.get(document[key], {}).get("confirmed", False):
                _patiently(end, lambda: api.post(path, {**document, "reason": REASON}))

    if _patiently(end, lambda: _venue(api)) is None:
        _patiently(end, lambda: api.put("/venue", {
            "ordersPer10Seconds": ORDERS_PER_10_SECONDS, "ordersPerDay": ORDERS_PER_DAY, "reason": REASON}))
    define("/assets", "code", [
        {"code": code, "name": name, "decimals": DECIMALS, "network": code, "depositsEnabled": True,
         "withdrawalsEnabled": True, "withdrawalFee": "0", "withdrawalMinimum": "0.00000001"}
        for code, name in ASSETS.items()])
    define("/fee-schedules", "name", [
        {"name": FEE_SCHEDULE, "makerBasisPoints": MAKER_BASIS_POINTS, "takerBasisPoints": TAKER_BASIS_POINTS}])
    define("/instruments", "symbol", [instrument(symbol) for symbol in MARKETS])
    define("/accounts", "name", [
        {"name": name, "feeSchedule": FEE_SCHEDULE, "mayTrade": True, "mayWithdraw": True, "mayDeposit": True}
        for name in ACCOUNTS])
    identities = {item["name"]: item["id"] for item in api.list("/accounts")}
    return [_keys_and_balances(api, name, identities[name], keys_file, end) for name in ACCOUNTS]


def _venue(api: OperatorAPI) -> dict | None:
    try:
        return api.get("/venue")
    except OperatorError as error:
        if error.code == "NOT_FOUND":
            return None
        raise


def _patiently(end: float, call):
    """Calls again while the venue is still starting; everything that is asked for here may be repeated."""
    while True:
        try:
            return call()
        except OperatorError as error:
            if time.monotonic() > end or error.code not in PASSING:
                raise Failure(f"the demo venue cannot be defined: {error}") from error
            time.sleep(0.2)


def _keys_and_balances(api: OperatorAPI, name: str, identity: int, keys_file: Path, end: float) -> dict:
    saved = json.loads(keys_file.read_text()) if keys_file.exists() else {}
    key = saved.get(name)
    valid = {item.get("apiKey") for item in api.list(f"/accounts/{identity}/keys") if not item.get("revoked")}
    if key is None or key["apiKey"] not in valid:
        # A secret is shown once, so a key whose secret is not here is of no use.
        made = api.post(f"/accounts/{identity}/keys", {
            "label": "demo", "type": "HMAC", "permissions": ["READ", "TRADE"], "ipAllowList": [], "reason": REASON})
        key = {"name": name, "id": identity, "apiKey": made["apiKey"], "secretKey": made["secretKey"]}
    if not key.get("funded"):
        for asset, amount in BALANCES.items():
            # The reference makes a repeated deposit the same one.
            deposit = {"account": identity, "asset": asset, "amount": amount, "reference": f"demo-{identity}-{asset}",
                       "reason": REASON}
            _patiently(end, lambda: api.post("/deposits", deposit))
        key["funded"] = True
    saved[name] = key
    write_private(keys_file, json.dumps(saved, indent=2))
    return key


def write_private(file: Path, text: str) -> None:
    """Writes a file that only its owner reads, whole or not at all."""
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    draft.replace(file)


def signed_order_command(url: str, key: dict) -> str:
    """A line for a shell that places an order: it takes the time and signs when it runs, so it stays good to paste."""
    order = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=45000.00&timestamp="
    return (
        f"q=\"{order}$(date +%s%3N)\"; curl -sS -X POST -H {shlex.quote('X-MBX-APIKEY: ' + key['apiKey'])} "
        f"\"{url}/api/v3/order?$q&signature=$(printf %s \"$q\" | "
        f"openssl dgst -sha256 -hmac {shlex.quote(key['secretKey'])} | sed 's/.* //')\"")


def show_order(url: str, key: dict) -> tuple[str, str]:
    """Runs the line exactly as it is printed; returns it with its real answer, and takes the order back."""
    command = signed_order_command(url, key)
    answer = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=30)
    text = (answer.stdout or answer.stderr).strip()
    try:
        order = json.loads(text)["orderId"]
    except (ValueError, KeyError, TypeError):
        return command, text
    query = f"symbol=BTCUSDT&orderId={order}&timestamp={int(time.time() * 1000)}"
    signature = hmac.new(key["secretKey"].encode(), query.encode(), hashlib.sha256).hexdigest()
    request = urllib.request.Request(f"{url}/api/v3/order?{query}&signature={signature}", method="DELETE",
                                     headers={"X-MBX-APIKEY": key["apiKey"]})
    try:
        with urllib.request.urlopen(request, timeout=15):
            pass
    except (OSError, urllib.error.HTTPError):
        # It may have traded in between; the demo does not depend on it.
        pass
    return command, text
