"""Apache Kafka's own command-line tools, unmodified."""

import subprocess

from venue.stores import kafka_home


def test_topics_are_made_and_described(tool, name):
    tool("kafka-topics", "--create", "--topic", name, "--partitions", "2", "--config", "retention.ms=5000")
    described = tool("kafka-topics", "--describe", "--topic", name)
    assert "PartitionCount: 2" in described and "retention.ms=5000" in described
    assert name in tool("kafka-topics", "--list").split()
    assert "retention.ms=5000" in tool("kafka-configs", "--describe", "--topic", name)
    tool("kafka-topics", "--delete", "--topic", name)
    assert name not in tool("kafka-topics", "--list").split()


def test_the_consoles_write_and_read(tool, name):
    tool("kafka-topics", "--create", "--topic", name)
    tool("kafka-console-producer", "--topic", name, text="one\ntwo\nthree\n")
    read = tool("kafka-console-consumer", "--topic", name, "--from-beginning", "--max-messages", "3", "--group",
                name + ".group", "--timeout-ms", "30000")
    assert read == "one\ntwo\nthree\n"
    assert name + ".group" in tool("kafka-consumer-groups", "--list").split()
    described = tool("kafka-consumer-groups", "--describe", "--group", name + ".group")
    assert [line.split()[3:6] for line in described.splitlines() if line.startswith(name)] == [["3", "3", "0"]]
    assert f"{name}:0:3" in tool("kafka-get-offsets", "--topic", name)


def test_the_performance_tools_move_records(tool, servers, name):
    tool("kafka-topics", "--create", "--topic", name, "--partitions", "2")
    home = kafka_home()
    written = subprocess.run(
        [str(home / "bin/kafka-producer-perf-test.sh"), "--topic", name, "--num-records", "50000", "--record-size", "200",
         "--throughput", "-1", "--producer-props", f"bootstrap.servers={servers}"],
        capture_output=True, text=True, timeout=120, check=True)
    assert "50000 records sent" in written.stdout
    read = tool("kafka-consumer-perf-test", "--topic", name, "--messages", "50000", seconds=120)
    assert read.strip().splitlines()[-1].split(", ")[4] == "50000"
