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
from .operator_api import OperatorAPI, OperatorError, quoted

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
# A venue that has just started lets its operators wait for the first confirmations.
SETTLE_SECONDS = 30


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
    _when_ready(api)
    known = {item["code"] for item in api.list("/assets")}
    for code, name in ASSETS.items():
        if code not in known:
            api.post("/assets", {"code": code, "name": name, "decimals": DECIMALS, "network": code,
                                 "depositsEnabled": True, "withdrawalsEnabled": True, "withdrawalFee": "0",
                                 "withdrawalMinimum": "0.00000001", "reason": REASON})
    if FEE_SCHEDULE not in {item["name"] for item in api.list("/fee-schedules")}:
        api.post("/fee-schedules", {"name": FEE_SCHEDULE, "makerBasisPoints": MAKER_BASIS_POINTS,
                                    "takerBasisPoints": TAKER_BASIS_POINTS, "reason": REASON})
    known = {item["symbol"] for item in api.list("/instruments")}
    for symbol in MARKETS:
        if symbol not in known:
            api.post("/instruments", {**instrument(symbol), "reason": REASON})
    return [_account(api, name, keys_file) for name in ACCOUNTS]


def _when_ready(api: OperatorAPI) -> None:
    end = time.monotonic() + SETTLE_SECONDS
    while True:
        try:
            api.list("/assets")
            return
        except OperatorError as error:
            if time.monotonic() > end or error.code not in ("unreachable", "unavailable", "503"):
                raise Failure(f"the operator API does not answer: {error}") from error
            time.sleep(0.2)


def _account(api: OperatorAPI, name: str, keys_file: Path) -> dict:
    account = next((item for item in api.list("/accounts") if item["name"] == name), None)
    if account is None:
        account = api.post("/accounts", {"name": name, "feeSchedule": FEE_SCHEDULE, "mayTrade": True,
                                         "mayWithdraw": True, "mayDeposit": True, "reason": REASON})
    identity = account["id"]
    saved = json.loads(keys_file.read_text()) if keys_file.exists() else {}
    key = saved.get(str(identity))
    valid = {item.get("apiKey") for item in api.list(f"/accounts/{quoted(identity)}/keys")}
    if key is None or key["apiKey"] not in valid:
        # The secret is shown once, so a key whose secret is not here is of no use.
        made = api.post(f"/accounts/{quoted(identity)}/keys", {
            "label": "demo", "type": "HMAC", "permissions": ["READ", "TRADE"], "ipAllowList": [], "reason": REASON})
        key = {"name": name, "id": identity, "apiKey": made["apiKey"], "secretKey": made["secretKey"]}
        saved[str(identity)] = key
        write_private(keys_file, json.dumps(saved, indent=2))
    for asset, amount in BALANCES.items():
        # The reference makes a repeated deposit the same one.
        api.post("/deposits", {"account": identity, "asset": asset, "amount": amount,
                               "reference": f"demo-{name}-{asset}", "reason": REASON})
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
