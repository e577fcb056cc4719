"""Topics: made, grown, described and deleted by librdkafka's admin client."""

import pytest
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic


@pytest.fixture
def admin(servers):
    return AdminClient({"bootstrap.servers": servers})


def outcome(futures: dict):
    """None, or the code of the error."""
    future, = futures.values()
    try:
        future.result(20)
        return None
    except KafkaException as error:
        return error.args[0].code()


def partitions(admin, name):
    return len(admin.list_topics(name, 20).topics[name].partitions)


def test_a_topic_is_made_grown_and_deleted(admin, name):
    assert outcome(admin.create_topics([NewTopic(name, 2, 1)])) is None
    assert partitions(admin, name) == 2
    assert outcome(admin.create_partitions([NewPartitions(name, 5)])) is None
    assert partitions(admin, name) == 5
    assert outcome(admin.delete_topics([name])) is None
    assert outcome(admin.delete_topics([name])) == KafkaError.UNKNOWN_TOPIC_OR_PART


@pytest.mark.parametrize("topic, code", [
    (("a/b", 1, 1, {}), KafkaError.TOPIC_EXCEPTION),
    ((".", 1, 1, {}), KafkaError.TOPIC_EXCEPTION),
    (("x" * 250, 1, 1, {}), KafkaError.TOPIC_EXCEPTION),
    (("fine", 0, 1, {}), KafkaError.INVALID_PARTITIONS),
    (("fine", 1, 3, {}), KafkaError.INVALID_REPLICATION_FACTOR),
    (("fine", 1, 1, {"retention.ms": "soon"}), KafkaError.INVALID_CONFIG),
    (("fine", 1, 1, {"no.such.setting": "1"}), KafkaError.INVALID_CONFIG),
    (("fine", 1, 1, {"message.timestamp.type": "Now"}), KafkaError.INVALID_CONFIG),
], ids=str)
def test_a_wrong_topic_is_refused(admin, topic, code):
    label, count, replicas, config = topic
    assert outcome(admin.create_topics([NewTopic(label, count, replicas, config=config)])) == code


def test_a_topic_that_exists_is_refused_and_fewer_partitions_too(admin, name):
    assert outcome(admin.create_topics([NewTopic(name, 2, 1)])) is None
    assert outcome(admin.create_topics([NewTopic(name, 2, 1)])) == KafkaError.TOPIC_ALREADY_EXISTS
    assert outcome(admin.create_partitions([NewPartitions(name, 1)])) == KafkaError.INVALID_PARTITIONS
    assert outcome(admin.create_partitions([NewPartitions(name + ".not", 3)])) == KafkaError.UNKNOWN_TOPIC_OR_PART


def test_validating_makes_nothing(admin, name):
    assert outcome(admin.create_topics([NewTopic(name, 1, 1)], validate_only=True)) is None
    assert name not in admin.list_topics(timeout=20).topics


def test_settings_are_shown_with_their_source(admin, name):
    given = {"retention.ms": "1234567", "message.timestamp.type": "LogAppendTime", "cleanup.policy": "compact"}
    assert outcome(admin.create_topics([NewTopic(name, 1, 1, config=given)])) is None
    future, = admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, name)]).values()
    shown = future.result(20)
    assert {key: shown[key].value for key in given} == given
    assert shown["retention.ms"].is_default is False
    assert shown["retention.bytes"].value == "-1" and shown["retention.bytes"].is_default is True


def test_the_cluster_names_itself(admin):
    cluster = admin.describe_cluster().result(20)
    assert cluster.cluster_id and len(cluster.nodes) == 1 and cluster.controller.id == cluster.nodes[0].id
