"""The WebSocket server against the `websockets` library."""

import asyncio
import os
import random
import ssl

import pytest
import websockets

SEED = int(os.environ.get("WEB_TEST_SEED", random.SystemRandom().randrange(1 << 32)))


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def random_text(rng, size):
    return "".join(rng.choice("abc äöü€😀\u0000") for _ in range(size))


def test_messages_and_fragments_come_back(port):
    print("seed", SEED)
    rng = random.Random(SEED)

    async def talk():
        async with websockets.connect(f"ws://127.0.0.1:{port}/ws?x=y", max_size=None) as socket:
            for _ in range(300):
                size = rng.choice([0, 1, 125, 126, 127, 1000, 60000])
                message = random_text(rng, size) if rng.random() < 0.5 else rng.randbytes(size)
                if message and rng.random() < 0.5:
                    parts = []
                    while message:
                        cut = rng.randrange(1, len(message) + 1)
                        parts.append(message[:cut])
                        message = message[cut:]
                        if len(parts) > 50:
                            parts.append(message)
                            break
                    await socket.send(parts)
                    message = parts[0][:0].join(parts)
                else:
                    await socket.send(message)
                assert await socket.recv() == message

    run(talk())


def test_large_messages(port):
    async def talk():
        async with websockets.connect(f"ws://127.0.0.1:{port}/ws", max_size=None, compression="deflate") as socket:
            for size in [65535, 65536, 1 << 20]:
                message = os.urandom(size)
                await socket.send(message)
                assert await socket.recv() == message
            await socket.send(b"x" * ((1 << 20) + 1))
            with pytest.raises(websockets.exceptions.ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd.code == 1009

    run(talk())


def test_pings_and_the_close_handshake(port):
    async def talk():
        async with websockets.connect(f"ws://127.0.0.1:{port}/ws") as socket:
            for payload in [b"", b"a", b"x" * 125]:
                await (await socket.ping(payload))
            await socket.pong(b"unsolicited")
            await socket.send("still here")
            assert await socket.recv() == "still here"
            await socket.close(4000, "enough")
            assert (socket.close_code, socket.protocol.close_rcvd.code) == (4000, 4000)

    run(talk())


def test_many_sockets_at_once(port):
    async def one(number):
        async with websockets.connect(f"ws://127.0.0.1:{port}/ws") as socket:
            for round in range(20):
                await socket.send(f"{number}/{round}")
            for round in range(20):
                assert await socket.recv() == f"{number}/{round}"

    async def all_of_them():
        await asyncio.gather(*(one(number) for number in range(100)))

    run(all_of_them())


def test_over_tls(tls_port, certificate):
    context = ssl.create_default_context(cafile=certificate[0])

    async def talk():
        async with websockets.connect(f"wss://localhost:{tls_port}/ws", ssl=context, max_size=None) as socket:
            for size in [1, 1000, 16384, 100000, 1 << 20]:
                message = os.urandom(size)
                await socket.send(message)
                assert await socket.recv() == message

    run(talk())
