"""The live line: what the gateway's metrics say, once a second."""

import shutil
import sys
import time
import urllib.request


class LiveLine:
    """On a terminal one line that is overwritten; elsewhere a line a minute, so that a log stays short."""

    LOG_SECONDS = 60

    def __init__(self, operations_port: int):
        self.url = f"http://127.0.0.1:{operations_port}/metrics"
        self.before: tuple[float, dict[str, float]] | None = None
        self.logged_at = 0.0

    def update(self) -> None:
        now = time.monotonic()
        values = self._read()
        if values is None:
            self._show("the gateway does not answer", now)
            self.before = None
            return
        before, self.before = self.before, (now, values)
        if before is None:
            return

        def rate(name: str) -> str:
            gained = values.get(name, 0) - before[1].get(name, 0)
            # A gateway that has started again counts from zero.
            return f"{max(0, gained) / (now - before[0]):.0f}"

        def quantile(which: str) -> str:
            value = values.get(f'gateway_order_round_trip_recent_seconds{{quantile="{which}"}}')
            return "–" if value is None else f"{value * 1000:.1f}"

        self._show(
            f"{rate('gateway_orders_total')} orders/s   {rate('gateway_trades_total')} trades/s   "
            f"p50 {quantile('0.5')} ms   p99 {quantile('0.99')} ms   "
            f"{values.get('gateway_open_orders', 0):.0f} open orders", now)

    def notice(self, text: str) -> None:
        """Prints something that stays."""
        if sys.stdout.isatty():
            print("\r\033[K", end="")
        print(text, flush=True)

    def _show(self, text: str, now: float) -> None:
        if sys.stdout.isatty():
            width = shutil.get_terminal_size().columns - 1
            print("\r\033[K" + text[:width], end="", flush=True)
        elif now - self.logged_at >= self.LOG_SECONDS:
            self.logged_at = now
            print(text, flush=True)

    def _read(self) -> dict[str, float] | None:
        """Every sample; those of one name with several label sets are summed under the bare name as well."""
        try:
            with urllib.request.urlopen(self.url, timeout=2) as answer:
                text = answer.read().decode()
        except OSError:
            return None
        values: dict[str, float] = {}
        for line in text.splitlines():
            if line.startswith("#"):
                continue
            name, _, number = line.rpartition(" ")
            try:
                value = float(number)
            except ValueError:
                continue
            values[name] = value
            bare = name.partition("{")[0]
            if bare != name:
                values[bare] = values.get(bare, 0) + value
        return values
