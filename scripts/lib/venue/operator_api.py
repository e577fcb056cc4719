"""The gateway's operator API (private port): a thin client for scripts and people."""

import http.client
import json
import urllib.parse

DEFAULT_URL = "http://127.0.0.1:8081"
# The operator is answered once every processor has confirmed.
TIMEOUT_SECONDS = 30


class OperatorError(Exception):
    """What went wrong, as one line; `code` is the API's, or `unreachable`."""

    def __init__(self, code: str, message: str, field: str | None = None):
        super().__init__(f"{code}: {message}" + (f" ({field})" if field else ""))
        self.code, self.message, self.field = code, message, field


class OperatorAPI:
    def __init__(self, url: str = DEFAULT_URL, token: str = ""):
        parts = urllib.parse.urlsplit(url if "//" in url else "http://" + url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise OperatorError("usage", f"'{url}' is no URL such as {DEFAULT_URL}")
        self.url, self.token = url, token
        self.parts = parts

    def call(self, method: str, path: str, body: dict | None = None, query: dict | None = None):
        """The decoded answer. Every part of `path` that comes from a person is quoted by `quoted`."""
        kind = http.client.HTTPSConnection if self.parts.scheme == "https" else http.client.HTTPConnection
        link = kind(self.parts.hostname, self.parts.port, timeout=TIMEOUT_SECONDS)
        target = self.parts.path.rstrip("/") + "/operator/v1" + path
        chosen = {name: value for name, value in (query or {}).items() if value is not None}
        if chosen:
            target += "?" + urllib.parse.urlencode(chosen)
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        payload = None
        if body is not None:
            payload = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        try:
            link.request(method, target, body=payload, headers=headers)
            answer = link.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise OperatorError("unreachable", f"{self.url}: {error}") from error
        finally:
            link.close()
        return self._decode(answer.status, text)

    @staticmethod
    def _decode(status: int, text: bytes):
        try:
            value = json.loads(text) if text.strip() else None
        except ValueError as error:
            raise OperatorError(str(status), f"the answer is no JSON: {text[:100]!r}") from error
        if status < 400:
            return value
        if isinstance(value, dict) and "message" in value:
            raise OperatorError(str(value.get("code", status)), str(value["message"]), value.get("field"))
        raise OperatorError(str(status), http.client.responses.get(status, "refused"))

    def get(self, path: str, **query):
        return self.call("GET", path, query=query)

    def post(self, path: str, body: dict):
        return self.call("POST", path, body)

    def put(self, path: str, body: dict):
        return self.call("PUT", path, body)

    def delete(self, path: str, **query):
        return self.call("DELETE", path, query=query)

    def list(self, path: str, **query) -> list:
        """A listing, whether the API wraps it in an object of one list or not."""
        value = self.get(path, **query)
        if isinstance(value, dict):
            value = next((inner for inner in value.values() if isinstance(inner, list)), [value])
        return value or []


def quoted(text) -> str:
    return urllib.parse.quote(str(text), safe="")
