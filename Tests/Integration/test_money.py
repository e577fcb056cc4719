"""Money: many accounts, three markets, two partitions, random orders, cancels and withdrawals; not a minor unit astray."""

import asyncio
import os
import random
from decimal import Decimal

from client import Api, Refused, Rest
from venue_under_test import eventually
from hour import GATEWAY_LIMITS
from test_hour import compare_with_engine, compare_with_replay

ACCOUNTS = 50
REQUESTS = int(os.environ.get("MONEY_REQUESTS", "100000"))
WINDOW = 64
MARKETS = {"BTCUSDT": ("50000.00", "0.01", "0.00001"), "ETHUSDT": ("2500.00", "0.01", "0.0001"),
           "ETHBTC": ("0.05000", "0.00001", "0.001")}
BALANCES = {"BTC": "20", "ETH": "400", "USDT": "1000000"}
# What a random request may be told; anything else is a failure of the test.
EXPECTED = {
    (-2010, "Account has insufficient balance for requested action."), (-2010, "Order would immediately match and take."),
    (-2011, "Unknown order sent."), (-1013, "Filter failure: MAX_NUM_ORDERS")}
# So that a venue that refuses everything does not pass.
LEAST_TRADES_SHARE = 0.05


class Trader:
    def __init__(self, key: dict, seed: int):
        self.key, self.chance = key, random.Random(seed)
        self.open: list[tuple[str, str]] = []
        self.counter = 0

    def next(self) -> tuple[str, dict]:
        roll = self.chance.random()
        if self.open and roll < 0.4:
            symbol, name = self.open.pop(self.chance.randrange(len(self.open)))
            return "order.cancel", {"symbol": symbol, "origClientOrderId": name}
        symbol = self.chance.choice(list(MARKETS))
        reference, tick, step = map(Decimal, MARKETS[symbol])
        self.counter += 1
        name = f"m-{self.key['id']}-{self.counter}"
        side = self.chance.choice(["BUY", "SELL"])
        parameters = {"symbol": symbol, "side": side, "newClientOrderId": name, "newOrderRespType": "ACK"}
        quantity = step * self.chance.randint(1, 50) * (200 if symbol != "ETHBTC" else 20)
        if roll > 0.93:
            if self.chance.random() < 0.5:
                parameters |= {"type": "MARKET", "quantity": str(quantity)}
            else:
                amount = (quantity * reference).quantize(Decimal("0.0001"))
                parameters |= {"type": "MARKET", "quoteOrderQty": str(amount)}
            return "order.place", parameters
        price = (reference * Decimal(1 + self.chance.gauss(0, 0.002))).quantize(tick)
        kind = self.chance.random()
        parameters |= {"quantity": str(quantity), "price": str(price)}
        if kind < 0.1:
            parameters["type"] = "LIMIT_MAKER"
        else:
            force = "GTC" if kind < 0.8 else "IOC" if kind < 0.9 else "FOK"
            parameters |= {"type": "LIMIT", "timeInForce": force,
                           "selfTradePreventionMode": self.chance.choice(
                               ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT"])}
        if kind < 0.8:
            self.open.append((symbol, name))
        return "order.place", parameters


async def trade(venue, trader: Trader, count: int, accepted: list, unexpected: list) -> None:
    async with Api(venue.port, trader.key) as api:
        window = asyncio.Semaphore(WINDOW)

        def done(future) -> None:
            window.release()
            message = future.result()
            if message["status"] == 200:
                accepted.append(1)
            elif (message["error"]["code"], message["error"]["msg"]) not in EXPECTED:
                unexpected.append(message)

        for _ in range(count):
            await asyncio.wait_for(window.acquire(), 60)
            future = await api.send(*trader.next())
            future.add_done_callback(done)
        for _ in range(WINDOW):
            await asyncio.wait_for(window.acquire(), 60)


def withdraw(venue, accounts: list[dict], chance: random.Random) -> dict[str, Decimal]:
    """Withdrawals of random accounts, settled or released; returns what has left, by asset."""
    gone: dict[str, Decimal] = {}
    for number in range(60):
        key = chance.choice(accounts)
        asset = chance.choice(list(BALANCES))
        amount = Decimal(chance.randint(1, 10**6)) / 10**8
        held = venue.api.post("/withdrawals", {
            "account": key["id"], "asset": asset, "amount": f"{amount:.8f}", "withdrawOrderId": f"w-{number}",
            "address": "somewhere", "reason": "test"})
        verb = chance.choice(["settle", "release"])
        venue.api.post(f"/withdrawals/{held['id']}/{verb}", {"account": key["id"], "reason": "test"})
        if verb == "settle":
            gone[asset] = gone.get(asset, Decimal(0)) + amount
    return gone


def test_every_minor_unit_is_accounted_for(make_venue):
    venue = make_venue(partitions=2, settings=GATEWAY_LIMITS)
    seed = int(os.environ.get("TEST_SEED", random.randrange(1 << 32)))
    print(f"money: TEST_SEED={seed}")
    accounts = [venue.make_account(f"money-{number}", BALANCES, ordersPer10Seconds=1_000_000, ordersPerDay=10_000_000)
                for number in range(ACCOUNTS)]
    accepted: list[int] = []
    unexpected: list[dict] = []

    async def run():
        traders = [Trader(key, seed + index) for index, key in enumerate(accounts)]
        transfers = asyncio.to_thread(withdraw, venue, accounts, random.Random(seed))
        results = await asyncio.gather(
            transfers, *(trade(venue, trader, REQUESTS // ACCOUNTS, accepted, unexpected) for trader in traders))
        return results[0]

    gone = asyncio.run(run())
    assert not unexpected, f"{len(unexpected)} unexpected, the first: {unexpected[:3]}"
    assert len(accepted) > REQUESTS / 2, f"only {len(accepted)} of {REQUESTS} requests were accepted"
    compare(venue, accounts, gone)
    compare_with_engine(venue, {
        symbol: Rest(venue.port).public("depth", symbol=symbol, limit=5000) for symbol in MARKETS})
    compare_with_replay(venue)
    trades = venue.query("SELECT count(*) FROM orders.fills WHERE NOT maker")[0][0]
    assert trades > REQUESTS * LEAST_TRADES_SHARE


def compare(venue, accounts: list[dict], gone: dict[str, Decimal]) -> None:
    """The API, the database and the state machine agree, and nothing was made or lost."""
    venue.await_verified()
    names = dict(venue.query("SELECT id, name FROM reference.definitions WHERE kind = 1"))
    by_api: dict[tuple[int, str], tuple[Decimal, Decimal]] = {}
    for key in accounts:
        for asset, (free, locked) in Rest(venue.port, key).balances().items():
            by_api[key["id"], asset] = (Decimal(free), Decimal(locked))

    ours = {key["id"] for key in accounts}

    def by_database():
        rows = {(account, names[asset]): (Decimal(free) / 10**8, Decimal(locked) / 10**8)
                for account, asset, free, locked in venue.query("SELECT account, asset, free, locked FROM ledger.balances")
                if account in ours}
        return {key: value for key, value in rows.items() if any(value)}

    shown = {key: value for key, value in by_api.items() if any(value)}
    assert len(shown) >= ACCOUNTS
    eventually(lambda: by_database() == shown, 30, "the database to have the API's balances")
    for asset, amount in BALANCES.items():
        held = sum(sum(value) for (_, name), value in by_api.items() if name == asset)
        fees = Decimal(venue.query(
            "SELECT sum(b.fees) FROM ledger.venue_accounts b JOIN reference.definitions d "
            "ON d.kind = 1 AND d.id = b.asset WHERE d.name = %s", asset)[0][0]) / 10**8
        assert held + fees + gone.get(asset, Decimal(0)) == Decimal(amount) * ACCOUNTS
