"""What is no request, or a wrong one: the protocol's own error or a closed connection, never the end of the broker."""

import os
import random
import socket
import struct

import pytest
from conftest import make_local_broker

API_VERSIONS = 18
UNSUPPORTED_VERSION = 35
# Every call that is answered, with the versions that have its body in different forms.
CALLS = {0: range(3, 14), 1: range(4, 19), 2: range(1, 11), 3: range(14), 8: range(2, 10), 9: range(1, 10), 10: range(7),
         11: range(10), 12: range(5), 13: range(6), 14: range(6), 15: range(7), 16: range(6), 18: range(5), 19: range(2, 8),
         20: range(1, 7), 21: range(3), 22: range(6), 32: range(1, 5), 37: range(4), 42: range(3), 60: range(3)}
FRAMES = int(os.environ.get("BROKER_FRAMES", "20000"))
MAXIMUM_MEGABYTES = 200


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    broker = make_local_broker(tmp_path_factory.mktemp("bad-input"), sync=False)
    broker.begin()
    try:
        broker.finish()
        yield broker
    finally:
        broker.stop()


def connect(broker):
    return socket.create_connection(("127.0.0.1", broker.port), timeout=20)


def header(key, version, correlation=7, client=b"bad"):
    return struct.pack(">hhih", key, version, correlation, len(client)) + client


def framed(body):
    return struct.pack(">i", len(body)) + body


def answer(link):
    size = b""
    while len(size) < 4:
        part = link.recv(4 - len(size))
        if not part:
            return None
        size += part
    left, = struct.unpack(">i", size)
    body = b""
    while len(body) < left:
        body += link.recv(left - len(body))
    return body


def serves(broker):
    with connect(broker) as link:
        link.sendall(framed(header(API_VERSIONS, 0)))
        body = answer(link)
    return body is not None and body[:6] == struct.pack(">ih", 7, 0)


def test_a_version_of_ApiVersions_that_is_not_known_is_answered_with_those_that_are(broker):
    with connect(broker) as link:
        link.sendall(framed(header(API_VERSIONS, 77)))
        correlation, code, count = struct.unpack(">ihi", answer(link)[:10])
    assert (correlation, code, count) == (7, UNSUPPORTED_VERSION, len(CALLS))


@pytest.mark.parametrize("bytes_", [
    framed(header(999, 0)), framed(header(3, 99)), framed(header(3, 1) + b"\xff\xff\xff\xfe"), framed(b""), framed(b"\0"),
    struct.pack(">i", -1), struct.pack(">i", 2_000_000_000), framed(header(3, 1) + struct.pack(">i", 1_000_000_000)),
    b"GET / HTTP/1.1\r\n\r\n",
], ids=["call", "version", "count", "empty", "one byte", "negative size", "huge size", "huge count", "another protocol"])
def test_what_is_no_request_ends_its_connection_only(broker, bytes_):
    with connect(broker) as link:
        link.sendall(bytes_)
        assert answer(link) is None
    assert serves(broker)


def test_a_request_that_never_ends_holds_nothing_but_what_came(broker):
    links = [connect(broker) for _ in range(50)]
    for link in links:
        link.sendall(struct.pack(">i", 60 << 20) + b"\0" * 1_000)
    assert serves(broker)
    assert megabytes(broker) < MAXIMUM_MEGABYTES
    for link in links:
        link.close()


def megabytes(broker):
    status = open(f"/proc/{broker.process.pid()}/status").read()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1_000


def random_body(chance):
    """Bytes that often look like counts, lengths and names, so that they get far."""
    parts = []
    for _ in range(chance.randint(0, 24)):
        parts.append(chance.choice([
            b"\0", b"\1", b"\2", b"\xff", b"\0\0", b"\0\1a", b"\2b", b"\0\0\0\1", b"\0\0\0\2", b"\xff\xff\xff\xff",
            b"\0\0\0\0\0\0\0\1", b"\0\0\0\x64", chance.randbytes(chance.randint(1, 16))]))
    return b"".join(parts)


def test_bytes_at_random_under_every_call_never_end_it(broker):
    seed = int(os.environ.get("TEST_SEED", "0")) or random.randrange(1 << 32)
    print(f"seed {seed}; run it again with TEST_SEED={seed}")
    chance, pid, link = random.Random(seed), broker.process.pid(), connect(broker)
    for _ in range(FRAMES):
        key = chance.choice(list(CALLS))
        frame = framed(header(key, chance.choice(CALLS[key])) + random_body(chance))
        try:
            link.sendall(frame)
            link.setblocking(False)
            try:
                while link.recv(1 << 16):
                    pass
                raise ConnectionResetError
            except BlockingIOError:
                link.settimeout(20)
        except OSError:
            link.close()
            link = connect(broker)
    link.close()
    assert broker.process.pid() == pid and serves(broker)
    assert megabytes(broker) < MAXIMUM_MEGABYTES
