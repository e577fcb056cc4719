"""A client of the venue, by the contract alone: signed REST, and the WebSocket API with many requests under way."""

import asyncio
import hashlib
import hmac
import http.client
import itertools
import json
import time
import urllib.parse

import websockets


class Refused(Exception):
    """An error of the API: HTTP status, code and text."""

    def __init__(self, status: int, error: dict):
        super().__init__(f"{status} {error.get('code')}: {error.get('msg')}")
        self.status, self.code, self.msg, self.detail = status, error.get("code"), error.get("msg"), error.get("detail")


class Rest:
    """One keep-alive connection; `sent` goes with every request as headers."""

    def __init__(self, port: int, key: dict | None = None, sent: dict | None = None):
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.key = key
        self.sent = sent or {}
        self.headers: dict[str, str] = {}

    def call(self, method: str, path: str, signed: bool = False, **parameters):
        return self.send(method, path, self.signed(**parameters) if signed else urllib.parse.urlencode(parameters), signed)

    def signed(self, **parameters) -> str:
        """A query with its signature, to be sent as often as one likes."""
        query = urllib.parse.urlencode(parameters)
        query += ("&" if query else "") + f"timestamp={int(time.time() * 1000)}&recvWindow=60000"
        signature = hmac.new(self.key["secretKey"].encode(), query.encode(), hashlib.sha256).hexdigest()
        return f"{query}&signature={signature}"

    def send(self, method: str, path: str, query: str, signed: bool = True):
        headers = {**self.sent, **({"X-MBX-APIKEY": self.key["apiKey"]} if signed else {})}
        try:
            self.link.request(method, path + ("?" + query if query else ""), headers=headers)
            answer = self.link.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.link.close()
            raise
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        value = json.loads(text)
        if answer.status != 200:
            raise Refused(answer.status, value)
        return value

    def public(self, path: str, **parameters):
        return self.call("GET", "/api/v3/" + path, **parameters)

    def get(self, path: str, **parameters):
        return self.call("GET", "/api/v3/" + path, signed=True, **parameters)

    def post(self, path: str, **parameters):
        return self.call("POST", "/api/v3/" + path, signed=True, **parameters)

    def delete(self, path: str, **parameters):
        return self.call("DELETE", "/api/v3/" + path, signed=True, **parameters)

    def put(self, path: str, **parameters):
        return self.call("PUT", "/api/v3/" + path, signed=True, **parameters)

    def balances(self) -> dict[str, tuple[str, str]]:
        return {entry["asset"]: (entry["free"], entry["locked"]) for entry in self.get("account")["balances"]}


def signed_parameters(key: dict, parameters: dict) -> dict:
    """The WebSocket API's signature: all parameters, sorted by name, without percent-encoding."""
    parameters = {**parameters, "apiKey": key["apiKey"], "timestamp": int(time.time() * 1000), "recvWindow": 60000}
    payload = "&".join(f"{name}={parameters[name]}" for name in sorted(parameters))
    parameters["signature"] = hmac.new(key["secretKey"].encode(), payload.encode(), hashlib.sha256).hexdigest()
    return parameters


class Api:
    """One connection to the WebSocket API: answers are paired with requests, events of the user stream are collected."""

    def __init__(self, port: int, key: dict, sent: dict | None = None):
        self.port, self.key, self.sent = port, key, sent
        self.events: list[dict] = []
        self.answers: dict[int, asyncio.Future] = {}
        self.numbers = itertools.count(1)

    async def __aenter__(self):
        self.socket = await websockets.connect(
            f"ws://127.0.0.1:{self.port}/ws-api/v3", max_size=1 << 24, max_queue=None, compression=None,
            additional_headers=self.sent)
        self.reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_):
        self.reader.cancel()
        await self.socket.close()

    async def _read(self):
        reason = "by the client"
        try:
            async for text in self.socket:
                message = json.loads(text)
                if "event" in message:
                    self.events.append(message["event"])
                    continue
                future = self.answers.pop(message.get("id"), None)
                if future is not None and not future.done():
                    future.set_result(message)
        except websockets.ConnectionClosed as error:
            reason = str(error)
        for future in self.answers.values():
            if not future.done():
                future.set_exception(ConnectionError(f"the connection was closed: {reason}"))
        self.answers.clear()

    async def send(self, method: str, parameters: dict, signed: bool = True) -> asyncio.Future:
        """Sends a request; its answer comes with the future."""
        number = next(self.numbers)
        if signed:
            parameters = signed_parameters(self.key, parameters)
        future = asyncio.get_running_loop().create_future()
        self.answers[number] = future
        try:
            await self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        except websockets.ConnectionClosed as error:
            self.answers.pop(number, None)
            raise ConnectionError("the connection was closed") from error
        return future

    async def call(self, method: str, parameters: dict | None = None, signed: bool = True):
        message = await asyncio.wait_for(await self.send(method, parameters or {}, signed), 20)
        if message["status"] != 200:
            raise Refused(message["status"], message["error"])
        return message["result"]

    async def subscribe_user_data(self):
        return await self.call("userDataStream.subscribe.signature")
