"""ccxt and ccxt.pro, unmodified, with only their URLs changed."""

import asyncio
import time

import ccxt
import ccxt.pro
import pytest

from venue_under_test import eventually


def configuration(venue, key: dict | None) -> dict:
    rest, socket = f"http://127.0.0.1:{venue.port}", f"ws://127.0.0.1:{venue.port}"
    credentials = {"apiKey": key["apiKey"], "secret": key["secretKey"]} if key else {}
    return {
        **credentials, "options": {"fetchMarkets": {"types": ["spot"]}},
        "urls": {"api": {
            "public": rest + "/api/v3", "private": rest + "/api/v3", "v1": rest + "/api/v1",
            "sapi": rest + "/sapi/v1", "sapiV2": rest + "/sapi/v2", "sapiV3": rest + "/sapi/v3",
            "sapiV4": rest + "/sapi/v4",
            "ws": {"spot": socket + "/stream", "ws-api": {"spot": socket + "/ws-api/v3"}}}}}


@pytest.fixture(scope="module")
def exchange(venue):
    exchange = ccxt.binance(configuration(venue, venue.accounts[0]))
    exchange.load_markets()
    return exchange


@pytest.fixture(scope="module")
def other(venue):
    other = ccxt.binance(configuration(venue, venue.accounts[1]))
    other.load_markets()
    return other


def test_markets_load_with_and_without_keys(venue, exchange):
    assert set(exchange.symbols) >= {"BTC/USDT", "ETH/USDT", "ETH/BTC", "AAPL/USD"}
    market = exchange.market("BTC/USDT")
    assert (
        market["precision"]["price"] == 0.01 and market["precision"]["amount"] == 1e-05)
    assert market["active"] and market["limits"]["cost"]["min"] == 5
    public = ccxt.binance(configuration(venue, None))
    assert "BTC/USDT" in public.load_markets()
    assert abs(public.fetch_time() - time.time() * 1000) < 5_000


def test_an_order_is_placed_queried_and_cancelled(exchange):
    order = exchange.create_order("BTC/USDT", "limit", "buy", 0.01, 45_000)
    assert order["status"] == "open" and order["remaining"] == 0.01
    assert exchange.fetch_order(order["id"], "BTC/USDT")["status"] == "open"
    assert [entry["id"] for entry in exchange.fetch_open_orders("BTC/USDT")] == [order["id"]]
    assert exchange.fetch_balance()["USDT"]["used"] == 450
    assert exchange.cancel_order(order["id"], "BTC/USDT")["status"] == "canceled"
    assert exchange.fetch_order(order["id"], "BTC/USDT")["status"] == "canceled"
    assert exchange.fetch_balance()["USDT"]["used"] == 0


def test_trades_and_market_data_are_read(exchange, other):
    exchange.create_order("ETH/USDT", "limit", "sell", 1, 2_500)
    taken = other.create_order("ETH/USDT", "market", "buy", 0.5)
    assert taken["status"] == "closed" and taken["average"] == 2_500
    mine = other.fetch_my_trades("ETH/USDT")
    assert mine[-1]["amount"] == 0.5 and mine[-1]["takerOrMaker"] == "taker"
    assert mine[-1]["fee"] == {"cost": 0.0005, "currency": "ETH"}
    assert exchange.fetch_trades("ETH/USDT")[-1]["price"] == 2_500
    book = exchange.fetch_order_book("ETH/USDT")
    assert book["asks"][0] == [2_500, 0.5]
    assert exchange.fetch_ticker("ETH/USDT")["last"] == 2_500
    assert "ETH/USDT" in exchange.fetch_tickers(["ETH/USDT", "BTC/USDT"])
    assert exchange.fetch_bids_asks(["ETH/USDT"])["ETH/USDT"]["ask"] == 2_500
    # Candles come by way of the market data's projection, a moment after the trade.
    candles = eventually(lambda: exchange.fetch_ohlcv("ETH/USDT", "1m"), 30, "the trade's candle")
    assert candles[-1][4] == 2_500
    exchange.cancel_all_orders("ETH/USDT")
    assert exchange.fetch_open_orders("ETH/USDT") == []


def test_refusals_become_the_right_exceptions(exchange):
    with pytest.raises(ccxt.InsufficientFunds):
        exchange.create_order("BTC/USDT", "limit", "buy", 100, 50_000)
    with pytest.raises(ccxt.OrderNotFound):
        exchange.cancel_order("999999999", "BTC/USDT")
    with pytest.raises(ccxt.OrderNotFound):
        exchange.fetch_order("999999999", "BTC/USDT")
    with pytest.raises(ccxt.InvalidOrder):
        exchange.create_order("BTC/USDT", "limit", "buy", 0.01, 61_000)
    with pytest.raises(ccxt.BadSymbol):
        exchange.public_get_depth({"symbol": "NOPE"})


def test_a_post_only_order_that_would_match_is_refused(exchange, other):
    resting = exchange.create_order("ETH/BTC", "limit", "sell", 1, 0.05)
    with pytest.raises(ccxt.OrderImmediatelyFillable):
        other.create_order("ETH/BTC", "limit", "buy", 1, 0.05, {"postOnly": True})
    exchange.cancel_order(resting["id"], "ETH/BTC")


def test_pro_keeps_a_book_and_a_user_stream(venue):
    async def run():
        exchange = ccxt.pro.binance(configuration(venue, venue.accounts[0]))
        try:
            await exchange.load_markets()
            await asyncio.wait_for(exchange.watch_order_book("BTC/USDT"), 20)
            # Returns once the venue has confirmed the subscription that both tasks then share.
            await exchange.ensure_user_data_stream_ws_subscribe_signature("spot")
            orders = asyncio.create_task(exchange.watch_orders("BTC/USDT"))
            balance = asyncio.create_task(exchange.watch_balance())
            placed = await exchange.create_order("BTC/USDT", "limit", "buy", 0.01, 44_000)
            seen = await asyncio.wait_for(orders, 20)
            assert seen[-1]["id"] == placed["id"] and seen[-1]["status"] == "open"
            assert (await asyncio.wait_for(balance, 20))["USDT"]["used"] == 440
            for _ in range(100):
                book = await asyncio.wait_for(exchange.watch_order_book("BTC/USDT"), 20)
                if [44_000, 0.01] in [level[:2] for level in book["bids"]]:
                    break
            else:
                raise AssertionError("the order never came into the book")
            canceled = await exchange.cancel_order_ws(placed["id"], "BTC/USDT")
            assert canceled["status"] == "canceled"
            watched = [asyncio.create_task(exchange.watch_trades("BTC/USDT")),
                       asyncio.create_task(exchange.watch_ohlcv("BTC/USDT", "1m"))]
            other = ccxt.pro.binance(configuration(venue, venue.accounts[1]))
            try:
                await other.load_markets()
                # ccxt does not say when the venue has confirmed these two: there are trades until both have seen one.
                for _ in range(20):
                    await exchange.create_order_ws("BTC/USDT", "limit", "sell", 0.01, 50_000)
                    await other.create_order_ws("BTC/USDT", "market", "buy", 0.01)
                    if not (await asyncio.wait(watched, timeout=3))[1]:
                        break
            finally:
                await other.close()
            trades, candles = [await asyncio.wait_for(task, 1) for task in watched]
            assert trades[-1]["price"] == 50_000
            assert candles[-1][4] == 50_000
        finally:
            await exchange.close()

    asyncio.run(run())
