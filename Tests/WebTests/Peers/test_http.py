"""The HTTP server against h11: random valid requests are answered as they were asked, and h11 accepts every answer."""

import os
import random
import socket
import ssl
import urllib.request

import h11
import pytest

SEED = int(os.environ.get("WEB_TEST_SEED", random.SystemRandom().randrange(1 << 32)))


def receive(connection, stream):
    """The next whole answer: status, headers, body."""
    response, body = None, b""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(stream.recv(65536))
        elif isinstance(event, h11.Response):
            response = event
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return response.status_code, dict(response.headers), body


def random_request(rng):
    method = rng.choice(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
    target = "/" + "".join(rng.choice("abcXYZ09-._~%20/:@!$&'()*+,;=") for _ in range(rng.randrange(40))).replace("%", "%25")
    if rng.random() < 0.6:
        target += "?" + "".join(rng.choice("abc=&%?/").replace("%", "%41") for _ in range(rng.randrange(60)))
    headers = [("Host", "localhost")]
    for number in range(rng.randrange(20)):
        value = "".join(rng.choice("abc \t;,=\"\\{}") for _ in range(rng.randrange(80))).strip()
        headers.append((f"X-{number}", value))
    body = rng.randbytes(rng.choice([0, 0, 1, 10, 1000, 30000])) if method != "HEAD" else b""
    framing = rng.choice(["none", "sized", "chunked"]) if body == b"" else rng.choice(["sized", "chunked"])
    if framing == "sized":
        headers.append(("Content-Length", str(len(body))))
    if framing == "chunked":
        headers.append(("Transfer-Encoding", "chunked"))
    return method, target, headers, body


def encode(connection, request, rng):
    method, target, headers, body = request
    data = connection.send(h11.Request(method=method, target=target, headers=headers))
    while body:
        size = rng.randrange(1, len(body) + 1)
        data += connection.send(h11.Data(data=body[:size]))
        body = body[size:]
    return data + connection.send(h11.EndOfMessage())


def expected(request):
    method, target, headers, body = request
    path, _, query = target.partition("?")
    lines = [f"{method} {path}?{query}"]
    text = "\n".join(lines) + "\n"
    return text.encode(), body, {name.lower(): value for name, value in headers}


def check(request, answer):
    status, headers, body = answer
    assert status == 200
    line, sent_body, sent_headers = expected(request)
    if request[0] == "HEAD":
        assert body == b""
        return
    head, _, echoed = body.partition(b"\n\n")
    assert head.startswith(line[:-1]), (head, line)
    assert echoed == sent_body
    echoed_headers = dict(
        (name.lower(), value) for name, _, value in (row.partition(": ") for row in head.decode("latin-1").split("\n")[1:]))
    for name, value in sent_headers.items():
        assert echoed_headers[name] == value


def test_random_requests_one_by_one(port):
    print("seed", SEED)
    rng = random.Random(SEED)
    with socket.create_connection(("127.0.0.1", port)) as stream:
        connection = h11.Connection(h11.CLIENT)
        for _ in range(500):
            request = random_request(rng)
            data = encode(connection, request, rng)
            while data:
                size = rng.choice([1, 7, 100, len(data)])
                stream.sendall(data[:size])
                data = data[size:]
            check(request, receive(connection, stream))
            connection.start_next_cycle()


def test_random_requests_pipelined(port):
    print("seed", SEED)
    rng = random.Random(SEED + 1)
    for _ in range(20):
        requests, data = [], b""
        for _ in range(rng.randrange(1, 60)):
            request = random_request(rng)
            requests.append(request)
            data += encode(h11.Connection(h11.CLIENT), request, rng)
        with socket.create_connection(("127.0.0.1", port)) as stream:
            stream.settimeout(30)
            # In parts, answers read in between: neither side waits for the other's whole.
            answers, buffer = [], b""
            reader = h11.Connection(h11.CLIENT)
            import threading

            sender = threading.Thread(target=stream.sendall, args=(data,))
            sender.start()
            for request in requests:
                fresh = h11.Connection(h11.CLIENT)
                fresh.send(h11.Request(method=request[0], target="/", headers=[("Host", "x")]))
                fresh.send(h11.EndOfMessage())
                fresh.receive_data(buffer) if buffer else None
                answers.append(receive(fresh, stream))
                buffer = fresh.trailing_data[0]
            sender.join()
        for request, answer in zip(requests, answers):
            check(request, answer)


def test_what_h11_refuses_is_refused(port):
    """Mutated requests: whatever h11 takes for malformed must not be answered with success, unless both agree."""
    print("seed", SEED)
    rng = random.Random(SEED + 2)
    template = b"POST /p?q=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello"
    stricter = 0
    for _ in range(1500):
        data = bytearray(template)
        for _ in range(rng.randrange(1, 3)):
            position = rng.randrange(len(data) - 5)
            kind = rng.random()
            if kind < 0.5:
                data[position] = rng.choice(b"\r\n \t:\0,/?#ab1" + bytes([0x7f, 0x80, 0xff]))
            elif kind < 0.75:
                del data[position]
            else:
                data[position:position] = bytes([rng.choice(b"\r\n \t:\0,5a")])
        theirs = h11_verdict(bytes(data))
        ours = our_verdict(port, bytes(data))
        if theirs == "refused":
            assert ours != 200, (bytes(data), ours)
        elif theirs == "whole" and ours != 200:
            stricter += 1
    print("refused here, taken by h11:", stricter)


def h11_verdict(data):
    server = h11.Connection(h11.SERVER)
    server.receive_data(data)
    try:
        while True:
            event = server.next_event()
            if event is h11.NEED_DATA:
                return "incomplete"
            if isinstance(event, h11.EndOfMessage):
                return "whole"
    except h11.RemoteProtocolError:
        return "refused"


def our_verdict(port, data):
    with socket.create_connection(("127.0.0.1", port)) as stream:
        stream.settimeout(30)
        stream.sendall(data)
        stream.shutdown(socket.SHUT_WR)
        answer = b""
        while part := stream.recv(65536):
            answer += part
    return int(answer[9:12]) if answer else None


@pytest.mark.parametrize("size", [1, 16, 60000])
def test_over_tls(tls_port, certificate, size):
    context = ssl.create_default_context(cafile=certificate[0])
    body = os.urandom(size)
    request = urllib.request.Request(f"https://localhost:{tls_port}/tls", data=body)
    with urllib.request.urlopen(request, context=context) as answer:
        assert answer.read().endswith(body)


def test_a_plain_client_of_the_tls_port_is_let_go(tls_port):
    with socket.create_connection(("127.0.0.1", tls_port)) as stream:
        stream.settimeout(30)
        stream.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        received = b""
        try:
            while part := stream.recv(1000):
                received += part
        except ConnectionResetError:
            pass
        assert b"HTTP" not in received
