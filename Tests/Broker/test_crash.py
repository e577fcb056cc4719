"""The product's broker, killed with -9 under load again and again. `BROKER_KILLS` says how often."""

import os
import threading
import time

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from conftest import make_local_broker
from venue.processes import free_ports

KILLS = int(os.environ.get("BROKER_KILLS", "10"))
SECONDS = 60


class Writer:
    """Writes numbers to one partition until it is told to stop; knows which were acknowledged, and where."""

    def __init__(self, servers, topic, partition, idempotent):
        self.topic, self.partition = topic, partition
        self.acknowledged: dict[int, int] = {}
        self.sent = 0
        self.stopping = threading.Event()
        self.producer = Producer({"bootstrap.servers": servers, "enable.idempotence": idempotent, "linger.ms": 1,
                                  "reconnect.backoff.max.ms": 200, "message.timeout.ms": 120_000,
                                  "max.in.flight.requests.per.connection": 5 if idempotent else 1})
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        while not self.stopping.is_set():
            if len(self.producer) < 2_000:
                self.producer.produce(self.topic, b"%d" % self.sent, partition=self.partition, on_delivery=self._done)
                self.sent += 1
            self.producer.poll(0.0005)

    def _done(self, error, message):
        if error is None:
            self.acknowledged[int(message.value())] = message.offset()

    def finish(self):
        self.stopping.set()
        self.thread.join()
        assert self.producer.flush(SECONDS) == 0


def read_all(servers, topic, partition):
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "unused", "enable.auto.commit": False,
                         "enable.partition.eof": True})
    consumer.assign([TopicPartition(topic, partition, 0)])
    values, end = [], time.monotonic() + SECONDS
    while time.monotonic() < end:
        for message in consumer.consume(5_000, 1.0):
            if message.error():
                consumer.close()
                return values
            values.append((message.offset(), int(message.value())))
    raise AssertionError("the log has no end")


@pytest.mark.parametrize("sync", [True, False], ids=["sync", "no-sync"])
def test_nothing_acknowledged_is_lost_and_nothing_is_out_of_order(tmp_path, sync):
    broker = make_local_broker(tmp_path / "broker", sync, free_ports(1)[0])
    broker.begin()
    broker.finish()
    admin = AdminClient({"bootstrap.servers": broker.servers})
    admin.create_topics([NewTopic("crash", 2, 1)])["crash"].result(SECONDS)
    writers = [Writer(broker.servers, "crash", 0, True), Writer(broker.servers, "crash", 1, False)]
    try:
        for kill in range(KILLS):
            # Each life takes records before it ends.
            before = [len(writer.acknowledged) for writer in writers]
            end = time.monotonic() + SECONDS
            while any(len(writer.acknowledged) <= count + 50 for writer, count in zip(writers, before)):
                assert time.monotonic() < end, f"after {kill} kills nothing is acknowledged any more"
                time.sleep(0.002)
            os.kill(broker.process.pid(), 9)
            broker.process.stop(seconds=10)
            broker.begin()
            broker.finish()
        for writer in writers:
            writer.finish()
        exact, plain = read_all(broker.servers, "crash", 0), read_all(broker.servers, "crash", 1)
    finally:
        for writer in writers:
            writer.stopping.set()
        broker.stop()
    # The idempotent producer: each number once, in order, where it was said to be.
    assert [value for _, value in exact] == list(range(writers[0].sent))
    assert dict((value, offset) for offset, value in exact) == writers[0].acknowledged
    # The plain one: copies may be there, after a first one in order.
    assert [offset for offset, _ in plain] == list(range(len(plain)))
    firsts = list(dict.fromkeys(value for _, value in plain))
    assert firsts == sorted(firsts) and set(writers[1].acknowledged) <= set(firsts)
    where = dict(plain)
    assert all(where[offset] == value for value, offset in writers[1].acknowledged.items())
