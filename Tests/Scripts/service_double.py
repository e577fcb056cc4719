#!/usr/bin/env python3
"""Stands for a service: its commands, its operations port, and of the gateway the operator API and an order's answer.

What happens is appended to the file that JOURNAL names, a line each.
"""

import json
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NAME = Path(sys.argv[0]).name
FLAGS = dict(argument[2:].split("=", 1) for argument in sys.argv[1:] if argument.startswith("--"))
COMMANDS = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
STATE = Path(os.environ["JOURNAL"]).with_name("operator-state.json")


def note(text: str) -> None:
    with open(os.environ["JOURNAL"], "a") as journal:
        journal.write(f"{NAME} {text}\n")


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, value, status=200):
        body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_DELETE(self):
        self.answer({})

    def do_GET(self):
        if self.path.startswith("/operator/v1/"):
            self.answer(load().get(self.path, []))
        elif self.path == "/metrics":
            self.answer("gateway_orders_total 7\n")
        else:
            self.answer({"status": "ok"})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        if not self.path.startswith("/operator/v1/"):
            return self.answer({"symbol": "BTCUSDT", "orderId": 1})
        if self.headers["Authorization"] != f"Bearer {os.environ['OPERATOR_TOKENS'].split(':')[1]}":
            return self.answer({"code": "UNAUTHORIZED", "message": "no"}, 401)
        state = load()
        rows = state.setdefault(self.path, [])
        row = {**body, "id": len(rows) + 1, "confirmed": True, "apiKey": f"key{len(rows)}{self.path[-6]}"}
        rows.append(row)
        STATE.write_text(json.dumps(state))
        note(f"POST {self.path.removeprefix('/operator/v1/')}")
        self.answer({**row, "secretKey": "secret"})


def load() -> dict:
    return json.loads(STATE.read_text()) if STATE.exists() else {}


def stop(*_):
    note("stopped")
    os._exit(0)


if COMMANDS:
    note(COMMANDS[0])
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
note("started")
for flag in ("operations.listen", "listen", "operator.listen"):
    if flag in FLAGS:
        host, _, port = FLAGS[flag].rpartition(":")
        server = ThreadingHTTPServer((host, int(port)), Handler)
        threading.Thread(target=server.serve_forever).start()
