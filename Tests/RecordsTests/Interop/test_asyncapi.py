"""docs/asyncapi.yaml is valid AsyncAPI 3 and says what the schema and the topics are."""

import json
import pathlib
import re

import jsonschema
import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
SCHEMA = ROOT / "Libraries/Records/Schema"


@pytest.fixture(scope="module")
def document():
    return yaml.safe_load((ROOT / "docs/asyncapi.yaml").read_text())


def messages(text):
    return dict(re.findall(r"^message (\w+) \{(.*?)^\}", text, re.MULTILINE | re.DOTALL))


def unions():
    """By union: its file and the (number, field, message) of its members."""
    found = {}
    for path in sorted(SCHEMA.glob("*.proto")):
        for name, body in messages(path.read_text()).items():
            if "option (union) = true" in body:
                members = re.findall(r"^\s+(\w+) (\w+) = (\d+);", body, re.MULTILINE)
                found[name] = (path, [(int(number), field, message) for message, field, number in members])
    return found


def resolve(document, reference):
    assert reference.startswith("#/")
    value = document
    for part in reference[2:].split("/"):
        value = value[part]
    return value


def references(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_is_valid_asyncapi(document):
    schema = json.loads((ROOT / "docs/asyncapi-3.0.0.schema.json").read_text())
    errors = list(jsonschema.Draft7Validator(schema).iter_errors(document))
    assert not errors, jsonschema.exceptions.best_match(errors)


def test_every_reference_leads_somewhere(document):
    for reference in references(document):
        assert resolve(document, reference)


def test_every_topic_of_the_code_occurs_once(document):
    source = (ROOT / "Libraries/TradingCore/Writer.swift").read_text()
    topics = re.search(r"public var name: String \{(.*?)\n    \}\n", source, re.DOTALL).group(1)
    assert sorted(re.findall(r'"([a-z-]+)"', topics)) == sorted(
        channel["address"] for channel in document["channels"].values()
    )


def test_every_record_type_of_the_schema_occurs_with_its_number(document):
    found = unions()
    assert sorted(found) == sorted(channel["x-record-union"] for channel in document["channels"].values())
    for channel in document["channels"].values():
        path, members = found[channel["x-record-union"]]
        assert channel["x-schema"] == str(path.relative_to(ROOT))
        (frame,) = (resolve(document, message["$ref"]) for message in channel["messages"].values())
        listed = [(record["type"], record["name"], record["message"]) for record in frame["x-records"]]
        assert sorted(listed) == sorted(members)
        assert all(record["summary"] for record in frame["x-records"])


def test_every_topic_is_read_and_written_by_somebody(document):
    for action in ("send", "receive"):
        used = {op["channel"]["$ref"] for op in document["operations"].values() if op["action"] == action}
        missing = {f"#/channels/{name}" for name in document["channels"]} - used
        # Operators read what was set aside with their own tools.
        assert missing <= ({"#/channels/quarantine"} if action == "receive" else set())


def test_the_envelope_is_the_schemas(document):
    def fields(text):
        return re.findall(r"^\s*(?:repeated )?\w+ (\w+) = (\d+)", text, re.MULTILINE)

    shown = document["components"]["schemas"]["Frame"]["schema"]
    assert fields(shown) == fields((SCHEMA / "envelope.proto").read_text())


def test_the_limits_are_the_codes(document):
    writer = (ROOT / "Libraries/Records/Frame/FrameWriter.swift").read_text()
    limit = int(re.search(r"limit = ([\d_]+)", writer).group(1).replace("_", ""))
    assert f"{limit:,} bytes" in document["info"]["description"]
    for channel in document["channels"].values():
        assert channel["bindings"]["kafka"]["topicConfiguration"]["max.message.bytes"] > limit
