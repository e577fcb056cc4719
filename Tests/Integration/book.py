"""A book kept by a client from diffs, by the procedure that the contract promises to work on the first try."""

import asyncio
import json

import websockets

from client import Rest


class StreamedBook:
    """Keeps a symbol's book from `@depth@100ms` until it is stopped; a gap is an error."""

    def __init__(self, port: int, symbol: str):
        self.port, self.symbol = port, symbol
        self.sides: dict[str, dict[str, str]] = {"b": {}, "a": {}}
        self.last = 0
        self.events = 0

    async def __aenter__(self):
        self.socket = await websockets.connect(
            f"ws://127.0.0.1:{self.port}/ws/{self.symbol.lower()}@depth@100ms", max_queue=None, compression=None)
        self.buffered: list[dict] = []
        self.synced = False
        self.error: Exception | None = None
        self.reader = asyncio.create_task(self._read())
        snapshot = await asyncio.to_thread(
            lambda: Rest(self.port).public("depth", symbol=self.symbol, limit=5000))
        self.sides = {"b": dict(map(tuple, snapshot["bids"])), "a": dict(map(tuple, snapshot["asks"]))}
        self.last = snapshot["lastUpdateId"]
        self.synced = True
        for event in self.buffered:
            self._apply(event)
        return self

    async def __aexit__(self, *_):
        self.reader.cancel()
        await self.socket.close()

    async def _read(self):
        async for text in self.socket:
            event = json.loads(text)
            if not self.synced:
                self.buffered.append(event)
                continue
            self._apply(event)

    def _apply(self, event: dict) -> None:
        if event["u"] <= self.last:
            return
        if event["U"] > self.last + 1:
            self.error = AssertionError(f"a gap: {self.last} was followed by {event['U']}..{event['u']}")
            return
        for side in ("b", "a"):
            for price, quantity in event[side]:
                if float(quantity) == 0:
                    self.sides[side].pop(price, None)
                else:
                    self.sides[side][price] = quantity
        self.last = event["u"]
        self.events += 1

    def bids(self) -> list[list[str]]:
        return [list(level) for level in sorted(self.sides["b"].items(), key=lambda level: -float(level[0]))]

    def asks(self) -> list[list[str]]:
        return [list(level) for level in sorted(self.sides["a"].items(), key=lambda level: float(level[0]))]
