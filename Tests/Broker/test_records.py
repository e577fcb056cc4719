"""Records, written and read by clients that nobody here wrote."""

import asyncio
import subprocess
import time

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from kafka import KafkaConsumer, KafkaProducer

SECONDS = 30


@pytest.fixture
def make_topic(servers, name):
    admin = AdminClient({"bootstrap.servers": servers})

    def make(partitions=1, **config):
        settings = {key.replace("_", "."): value for key, value in config.items()}
        future, = admin.create_topics([NewTopic(name, partitions, 1, config=settings)]).values()
        future.result(SECONDS)
        return name

    return make


def produce(servers, topic, values, partition=0, **config):
    """Writes, and returns what was reported: (offset, timestamp) or the error's code."""
    reports = []
    producer = Producer({"bootstrap.servers": servers, **config})
    for value in values:
        producer.produce(topic, value, partition=partition, on_delivery=lambda error, message: reports.append(
            error.code() if error else (message.offset(), message.timestamp())))
        producer.poll(0)
    assert producer.flush(SECONDS) == 0
    return reports


def read(servers, topic, count, offset=0, partition=0, **config):
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "unused", "enable.auto.commit": False, **config})
    consumer.assign([TopicPartition(topic, partition, offset)])
    found, end = [], time.monotonic() + SECONDS
    while len(found) < count and time.monotonic() < end:
        found += consumer.consume(min(count - len(found), 10_000), 0.5)
    consumer.close()
    return found


@pytest.mark.parametrize("compression", ["none", "gzip", "snappy", "lz4", "zstd"])
def test_every_compression_comes_back_as_it_was(servers, make_topic, compression):
    topic = make_topic()
    values = [b"%d" % number * 20 for number in range(1_000)]
    reports = produce(servers, topic, values, **{"compression.type": compression, "linger.ms": 20})
    assert [report[0] for report in reports] == list(range(1_000))
    assert [message.value() for message in read(servers, topic, 1_000)] == values


def test_an_idempotent_producer_writes_each_record_once_and_in_order(servers, make_topic):
    topic = make_topic()
    values = [b"%d" % number for number in range(20_000)]
    produce(servers, topic, values, **{"enable.idempotence": True, "linger.ms": 1})
    assert [message.value() for message in read(servers, topic, 20_000)] == values


def test_the_stamp_is_the_brokers_where_the_topic_says_so(servers, make_topic):
    topic = make_topic(message_timestamp_type="LogAppendTime")
    before = int(time.time() * 1_000)
    (_, (kind, stamp)), = produce(servers, topic, [b"x"])
    assert kind == 2 and before - 1_000 <= stamp <= int(time.time() * 1_000) + 1_000
    message, = read(servers, topic, 1)
    assert message.timestamp() == (2, stamp)


def test_a_record_that_is_too_large_is_refused(servers, make_topic):
    topic = make_topic(max_message_bytes="10000")
    assert produce(servers, topic, [b"x" * 20_000]) == [KafkaError.MSG_SIZE_TOO_LARGE]
    assert produce(servers, topic, [b"x" * 5_000])[0][0] == 0


def test_an_offset_outside_the_log_is_an_error(servers, make_topic):
    topic = make_topic()
    produce(servers, topic, [b"x"])
    message = read(servers, topic, 1, offset=17, **{"auto.offset.reset": "error"})[0]
    assert message.error().code() == KafkaError._AUTO_OFFSET_RESET


def test_offsets_are_found_by_time(servers, make_topic):
    topic = make_topic()
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 0})
    start = int(time.time() * 1_000) - 60_000
    for number in range(10):
        producer.produce(topic, b"%d" % number, partition=0, timestamp=start + number * 1_000)
        producer.flush(SECONDS)
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "unused"})
    found = [consumer.offsets_for_times([TopicPartition(topic, 0, start + moment)], SECONDS)[0].offset
             for moment in (0, 1, 3_000, 9_000)]
    assert found == [0, 1, 3, 9]
    # After the last there is none; the client says "the end" for it.
    assert consumer.offsets_for_times([TopicPartition(topic, 0, start + 9_001)], SECONDS)[0].offset == -1
    assert consumer.get_watermark_offsets(TopicPartition(topic, 0), SECONDS) == (0, 10)
    consumer.close()


def test_deleted_records_are_gone_from_the_start(servers, make_topic):
    topic = make_topic()
    produce(servers, topic, [b"%d" % number for number in range(100)])
    admin = AdminClient({"bootstrap.servers": servers})
    future, = admin.delete_records([TopicPartition(topic, 0, 40)]).values()
    assert future.result(SECONDS).low_watermark == 40
    assert [message.offset() for message in read(servers, topic, 60, offset=40)] == list(range(40, 100))


def test_a_fetch_wakes_on_a_produce(servers, make_topic):
    """A consumer that asks for one byte within ten minutes has a record as soon as it is written."""
    topic = make_topic()
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "unused", "fetch.wait.max.ms": 300_000,
                         "socket.timeout.ms": 300_000 - 1, "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, 0, 0)])
    assert consumer.consume(1, 1.0) == []
    produce(servers, topic, [b"now"])
    found = consumer.consume(1, SECONDS)
    assert [message.value() for message in found] == [b"now"]
    consumer.close()


def test_kafka_python_and_aiokafka_write_and_read(servers, make_topic):
    topic = make_topic(partitions=3)
    producer = KafkaProducer(bootstrap_servers=servers, compression_type="gzip")
    for number in range(500):
        producer.send(topic, b"k%d" % number)
    producer.flush(SECONDS)
    producer.close()

    async def more():
        other = AIOKafkaProducer(bootstrap_servers=servers, enable_idempotence=True)
        await other.start()
        for number in range(500):
            await other.send(topic, b"a%d" % number)
        await other.stop()
        reader = AIOKafkaConsumer(topic, bootstrap_servers=servers, auto_offset_reset="earliest")
        await reader.start()
        values: list[bytes] = []
        while len(values) < 1_000:
            batches = await asyncio.wait_for(reader.getmany(timeout_ms=1_000), SECONDS)
            values += [record.value for batch in batches.values() for record in batch]
        await reader.stop()
        return values

    expected = {b"k%d" % number for number in range(500)} | {b"a%d" % number for number in range(500)}
    assert set(asyncio.run(more())) == expected
    reader = KafkaConsumer(topic, bootstrap_servers=servers, auto_offset_reset="earliest",
                           consumer_timeout_ms=SECONDS * 1_000)
    values = set()
    for record in reader:
        values.add(record.value)
        if len(values) == 1_000:
            break
    reader.close()
    assert values == expected


def test_kcat_lists_writes_and_reads(servers, make_topic):
    topic = make_topic(partitions=2)
    listed = subprocess.run(["kcat", "-b", servers, "-L", "-t", topic], capture_output=True, text=True, check=True)
    assert f'topic "{topic}" with 2 partitions' in listed.stdout
    subprocess.run(["kcat", "-b", servers, "-P", "-t", topic, "-p", "1"], input=b"one\ntwo\n", check=True)
    found = subprocess.run(["kcat", "-b", servers, "-C", "-t", topic, "-p", "1", "-o", "beginning", "-e", "-q"],
                           capture_output=True, text=True, check=True)
    assert found.stdout == "one\ntwo\n"
