"""Consumer groups: members share partitions, take over from the dead, and go on where the group was."""

import time

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
import pytest

SECONDS = 40
SESSION_MILLISECONDS = 6_000


@pytest.fixture
def topic(servers, name):
    admin = AdminClient({"bootstrap.servers": servers})
    admin.create_topics([NewTopic(name, 4, 1)])[name].result(SECONDS)
    producer = Producer({"bootstrap.servers": servers})
    for number in range(400):
        producer.produce(name, b"%d" % number, partition=number % 4)
    assert producer.flush(SECONDS) == 0
    return name


def member(servers, topic, **config):
    consumer = Consumer({"bootstrap.servers": servers, "group.id": topic + ".group", "auto.offset.reset": "earliest",
                         "session.timeout.ms": SESSION_MILLISECONDS, "heartbeat.interval.ms": 500,
                         "enable.auto.commit": False, **config})
    consumer.subscribe([topic])
    return consumer


def poll_until(condition, *consumers):
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "the group did not come so far"
        for consumer in consumers:
            consumer.poll(0.1)


def held(consumer):
    return {part.partition for part in consumer.assignment()}


@pytest.mark.parametrize("strategy", ["range", "cooperative-sticky"])
def test_members_share_the_partitions_and_leave_them_to_others(servers, topic, strategy):
    config = {"partition.assignment.strategy": strategy}
    first, second = member(servers, topic, **config), member(servers, topic, **config)
    poll_until(lambda: len(held(first)) == 2 and len(held(second)) == 2, first, second)
    assert held(first) | held(second) == {0, 1, 2, 3}
    second.close()
    poll_until(lambda: held(first) == {0, 1, 2, 3}, first)
    first.close()


def test_a_group_goes_on_where_it_committed(servers, topic):
    first = member(servers, topic)
    found = []
    poll_until(lambda: len(held(first)) == 4, first)
    while len(found) < 400:
        found += [message for message in first.consume(400 - len(found), 1.0) if not message.error()]
    first.commit(offsets=[TopicPartition(topic, part, 60 + part) for part in range(4)], asynchronous=False)
    first.close()
    second = member(servers, topic)
    poll_until(lambda: len(held(second)) == 4, second)
    committed = second.committed([TopicPartition(topic, part) for part in range(4)], SECONDS)
    assert [part.offset for part in committed] == [60, 61, 62, 63]
    second.close()


def test_a_dead_member_is_evicted(servers, topic, name):
    admin = AdminClient({"bootstrap.servers": servers})
    dead, alive = member(servers, topic), member(servers, topic)
    poll_until(lambda: len(held(dead)) == 2 and len(held(alive)) == 2, dead, alive)
    # Its polls stop, and with them its membership, since it says so itself after this time.
    quiet = member(servers, topic, **{"max.poll.interval.ms": SESSION_MILLISECONDS})
    poll_until(lambda: len(held(quiet)) >= 1, dead, alive, quiet)
    poll_until(lambda: held(dead) | held(alive) == {0, 1, 2, 3}, dead, alive)
    described = admin.describe_consumer_groups([topic + ".group"])[topic + ".group"].result(SECONDS)
    assert len(described.members) == 2
    for consumer in (dead, alive, quiet):
        consumer.close()


def test_groups_are_listed_described_and_deleted(servers, topic):
    admin = AdminClient({"bootstrap.servers": servers})
    group = topic + ".group"
    first = member(servers, topic, **{"client.id": "me"})
    poll_until(lambda: len(held(first)) == 4, first)
    first.commit(offsets=[TopicPartition(topic, 0, 7)], asynchronous=False)
    listed = admin.list_consumer_groups().result(SECONDS)
    assert group in {entry.group_id for entry in listed.valid}
    described = admin.describe_consumer_groups([group])[group].result(SECONDS)
    assert described.state.name == "STABLE" and [one.client_id for one in described.members] == ["me"]
    with pytest.raises(KafkaException):
        admin.delete_consumer_groups([group])[group].result(SECONDS)
    first.close()
    offsets = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group].result(SECONDS)
    assert [(part.partition, part.offset) for part in offsets.topic_partitions] == [(0, 7)]
    admin.delete_consumer_groups([group])[group].result(SECONDS)
    assert group not in {entry.group_id for entry in admin.list_consumer_groups().result(SECONDS).valid}


def test_a_member_that_keeps_its_place_comes_back_to_it(servers, topic):
    first = member(servers, topic, **{"group.instance.id": "one"})
    second = member(servers, topic, **{"group.instance.id": "two"})
    poll_until(lambda: len(held(first)) == 2 and len(held(second)) == 2, first, second)
    before = held(first)
    first.close()
    again = member(servers, topic, **{"group.instance.id": "one"})
    poll_until(lambda: bool(held(again)), again, second)
    assert held(again) == before and len(held(second)) == 2
    again.close()
    second.close()
