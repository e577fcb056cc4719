"""A real hour through the gateway: every fill exactly, and every view of the result the same."""

import asyncio
import json
import time
from decimal import Decimal

import redis

from book import StreamedBook
from client import Api, Rest
from venue_under_test import eventually
from hour import GATEWAY_LIMITS, SYMBOL, FillCollector, load, open_up

# Requests under way at once on the one connection.
WINDOW = 512


# Rests far below every other order until it is cancelled.
LAST = {"symbol": SYMBOL, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1", "price": "100.00",
        "newClientOrderId": "the-last", "newOrderRespType": "ACK"}


def is_last_ended(events: list[dict]) -> bool:
    return any(event.get("x") == "CANCELED" and event["C"] == LAST["newClientOrderId"] for event in events[-10:])


async def replay(venue, key, commands) -> FillCollector:
    collector = FillCollector()
    async with StreamedBook(venue.port, SYMBOL) as book, Api(venue.port, key) as api, Api(venue.port, key) as stream:
        await stream.subscribe_user_data()
        window = asyncio.Semaphore(WINDOW)
        problems: list[str] = []

        def answered(command, future):
            window.release()
            if future.exception() is not None:
                problems.append(f"command {command.number}: {future.exception()}")
            elif future.result()["status"] != 200:
                problems.append(f"command {command.number}: {future.result()}")

        began = time.monotonic()
        for command in commands:
            await window.acquire()
            assert not problems, problems
            future = await api.send(command.method, command.parameters)
            future.add_done_callback(lambda future, command=command: answered(command, future))
        for _ in range(WINDOW):
            await asyncio.wait_for(window.acquire(), 30)
        print(f"{len(commands)} commands in {time.monotonic() - began:.1f} s")
        assert not problems, f"{len(problems)} refused, the first: {problems[:3]}"

        await api.call("order.place", LAST)
        await api.call("order.cancel", {"symbol": SYMBOL, "origClientOrderId": LAST["newClientOrderId"]})
        # An account's events come in order: with those of its last order all others have come.
        await asyncio.to_thread(eventually, lambda: is_last_ended(stream.events), 60, "the last order's events")
        for event in stream.events:
            collector.take(event)
        depth = await asyncio.to_thread(lambda: Rest(venue.port).public("depth", symbol=SYMBOL, limit=5))
        await asyncio.to_thread(
            eventually, lambda: book.error or book.last >= depth["lastUpdateId"], 30, "the book's last change")
        assert book.error is None, book.error
        assert book.events > 0
        collector.bids, collector.asks, collector.last = book.bids(), book.asks(), book.last
    return collector


def test_every_fill_comes_out_and_every_view_agrees(make_venue):
    venue = make_venue(settings=GATEWAY_LIMITS)
    key = open_up(venue)
    commands, expected = load()
    collector = asyncio.run(replay(venue, key, commands))
    fills = collector.fills()
    assert len(fills) == len(expected)
    assert fills == expected

    rest = Rest(venue.port, key)
    depth = rest.public("depth", symbol=SYMBOL, limit=5000)
    assert depth["lastUpdateId"] == collector.last
    assert (depth["bids"], depth["asks"]) == (collector.bids, collector.asks)
    compare_with_open_orders(rest, depth)
    compare_with_redis(venue, depth)
    compare_with_engine(venue, {SYMBOL: depth})
    compare_trades(venue, rest, key, expected)
    venue.await_verified()
    compare_with_replay(venue)


def compare_with_open_orders(rest: Rest, depth: dict) -> None:
    """The engine's book, order by order, adds up to the levels."""
    levels: dict[tuple[str, str], Decimal] = {}
    for order in rest.get("openOrders", symbol=SYMBOL):
        level = (order["side"], order["price"])
        left = Decimal(order["origQty"]) - Decimal(order["executedQty"])
        levels[level] = levels.get(level, Decimal(0)) + left
    shown = {("BUY", price): Decimal(quantity) for price, quantity in depth["bids"]}
    shown |= {("SELL", price): Decimal(quantity) for price, quantity in depth["asks"]}
    assert levels == shown


def compare_with_redis(venue, depth: dict) -> None:
    store = redis.Redis.from_url(venue.environment["REDIS_URL"])
    prefix = venue.environment["KAFKA_TOPIC_PREFIX"]

    def stored():
        text = store.get(f"{prefix}book:{SYMBOL}")
        book = json.loads(text) if text else {}
        return book if book.get("lastUpdateId") == depth["lastUpdateId"] else None

    book = eventually(stored, what="Redis to have the last book")
    assert (book["bids"], book["asks"]) == (depth["bids"], depth["asks"])


def compare_with_engine(venue, depths: dict[str, dict]) -> None:
    """The engine's own books are what the public books show."""
    books = venue.engine_books()
    for symbol, depth in depths.items():
        book = books[symbol]
        shown = {side: [level[:2] for level in book[side]] for side in ("bids", "asks")}
        assert {"lastUpdateId": book["lastUpdateId"], **shown} == depth


# Rows of the ledger that follow from its log alone, each with what identifies a row.
LEDGER_ROWS = {
    "balances": "account, asset, free, locked", "venue_accounts": "partition, asset, clearing, fees, custody",
    "open_orders": "order_id, remaining, held", "withdrawals": "withdrawal_id, status, amount, fee",
    "checkpoints": "partition, journal_sequence"}


def compare_with_replay(venue) -> None:
    """A ledger that applies the whole log from its beginning has the balances, orders and entries of the database."""
    replayed = venue.replayed_ledger()
    for table, columns in LEDGER_ROWS.items():
        statement = f"SELECT {columns} FROM ledger.{table} ORDER BY {columns}"
        assert venue.query(statement, database=replayed) == venue.query(statement), table


def compare_trades(venue, rest: Rest, key: dict, expected: list) -> None:
    """myTrades, the journal and the trade table say what the fills said."""
    mine, start = [], 0
    while True:
        page = rest.get("myTrades", symbol=SYMBOL, limit=1000, fromId=start)
        mine += page
        if len({trade["id"] for trade in page}) < 2:
            break
        # Both sides are this account's, so the last id of a page may have one side only.
        start = page[-1]["id"]
    by_id: dict[tuple[int, bool], dict] = {(trade["id"], trade["isMaker"]): trade for trade in mine}
    assert len(by_id) == 2 * len(expected)
    takers = [by_id[identity] for identity in sorted(by_id) if not identity[1]]
    assert [(Decimal(trade["price"]), int(Decimal(trade["qty"]))) for trade in takers] == [
        (fill.price, fill.size) for fill in expected]
    instrument = venue.query("SELECT id FROM reference.definitions WHERE kind = 2 AND name = %s", SYMBOL)[0][0]
    table = eventually(
        lambda: (lambda found: found if len(found) == len(expected) else None)(venue.query(
            "SELECT trade_id, price, quantity FROM market_data.trades WHERE instrument = %s ORDER BY trade_id",
            instrument)), what="the trade table")
    assert [(Decimal(price) / 100, quantity) for _, price, quantity in table] == [
        (fill.price, fill.size) for fill in expected]
    compare_with_journal(venue, instrument, expected)
    fees = sum(Decimal(trade["commission"]) for trade in by_id.values() if trade["commissionAsset"] == "USD")
    def posted():
        return venue.query(
            "SELECT sum(b.fees) FROM ledger.venue_accounts b JOIN reference.definitions d ON d.kind = 1 AND d.id = b.asset "
            "WHERE d.name = 'USD'")[0][0]

    eventually(lambda: Decimal(posted() or 0) / 10**8 == fees, 30, "the venue's fees to be those of the trades")


# The books' account of trade clearing.
CLEARING = 3


def compare_with_journal(venue, instrument: int, expected: list) -> None:
    """Each trade has its two entries, each of which moves the fill's quantity and value against clearing."""
    def entries():
        rows = venue.query(
            "SELECT e.trade_id, d.name, abs(p.amount) FROM ledger.journal_entries e "
            "JOIN ledger.postings p USING (partition, sequence) "
            "JOIN reference.definitions d ON d.kind = 1 AND d.id = p.asset "
            "WHERE e.instrument = %s AND e.trade_id > 0 AND p.ledger_account = %s "
            "ORDER BY e.trade_id, d.name, e.sequence", instrument, CLEARING)
        return rows if len(rows) >= 4 * len(expected) else None

    rows = eventually(entries, 30, "the journal of every trade")
    assert len(rows) == 4 * len(expected)
    for index, fill in enumerate(expected):
        trade = rows[4 * index:4 * index + 4]
        assert len({entry[0] for entry in trade}) == 1
        assert [(name, int(amount)) for _, name, amount in trade] == [
            ("AAPL", fill.size * 10**8)] * 2 + [("USD", int(fill.price * fill.size * 10**8))] * 2
