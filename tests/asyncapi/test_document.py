"""What the document says is what flowsim delivers."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema_rs import meta

from flowsim.asyncapi.document import document
from flowsim.asyncapi.shared_schemas import SharedSchemas
from flowsim.families.base import Family
from flowsim.families.registry import shipped
from flowsim.reports.event_guide import guides, guides_of
from flowsim.story.opening import open_story

from ..cases import for_each
from .documents import SOME, families, messages, mistakes, of, whole

NAMES = [each.name for each in families().readable()[0] if each.codes]


def schema_of(made: dict[str, Any], message: dict[str, Any]) -> Any:
    return made["components"]["schemas"][message["payload"]["$ref"].rpartition("/")[2]]


# Examples.


@pytest.mark.parametrize("number", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_an_example_fits_the_schema_of_its_message_in_both_drafts(number: int) -> None:
    """Readers of AsyncAPI know draft 7; the schemas use what it has in common with 2020-12.

    Of ``number`` messages the examples of one are tried.
    """
    tried = 0
    for message in islice(messages(whole()), 0, None, number):
        for example in message["examples"]:
            found = mistakes(whole(), message["payload"], example["payload"])
            assert found == [], message["name"]
            tried += 1
    assert tried > 50


def test_an_example_with_a_wrong_type_fits_no_schema() -> None:
    message = whole()["components"]["messages"]["OrderPlacedCloudEvent"]
    wrong = {**message["examples"][0]["payload"], "type": 7}
    assert mistakes(whole(), message["payload"], wrong)


def test_examples_are_payloads_that_flowsim_sends() -> None:
    """The first is that of the event code as a scenario."""
    message = whole()["components"]["messages"]["SegmentEvaluationJobErrorAdobeIo"]
    code = "segment_evaluation_job_error"
    sent = [each.body for each in open_story(code).payloads() if each.events[0].code == code]
    assert [*message["examples"][0]["payload"]] == [*json.loads(sent[0])]
    assert message["contentType"] == next(open_story(code).payloads()).content_type


def test_every_schema_of_a_message_is_one_of_the_named_draft() -> None:
    made = whole()
    for message in messages(made):
        assert schema_of(made, message)["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    for schema in made["components"]["schemas"].values():
        meta.validate(schema)


# Channels, operations and messages.


@for_each("name", NAMES)
def test_each_event_code_has_a_channel_with_a_message_for_each_format(name: str) -> None:
    family, made = families()[name], of(name)
    for code in family.codes:
        channel = made["channels"][code]
        found = [made["components"]["messages"][each] for each in channel["messages"]]
        assert [each["x-flowsim-format"] for each in found] == [*family.formats]
        assert {each["x-flowsim-event-code"] for each in found} == {code}
    receiving = [each["channel"]["$ref"] for each in made["operations"].values()]
    assert receiving == [f"#/channels/{id_}" for id_ in made["channels"]]


@for_each("name", NAMES)
def test_the_document_of_a_family_is_a_part_of_the_whole(name: str) -> None:
    """So types that were made of one keep their names when another family is added."""
    made = of(name)
    for kind, parts in {**made["components"], "channels": made["channels"]}.items():
        others = whole() if kind == "channels" else whole()["components"]
        assert {key: others[kind][key] for key in parts} == parts
    assert [*made["components"]["tags"]] == [name]


@for_each("name", SOME)
def test_the_document_is_the_same_each_time(name: str) -> None:
    again = document(guides_of(families(), name))
    assert json.dumps(again) == json.dumps(of(name))


def test_a_code_of_any_spelling_is_a_channel_that_can_be_referred_to() -> None:
    for id_, channel in whole()["channels"].items():
        assert {*id_} <= {*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"}
        assert {each["$ref"] for each in channel["messages"].values()} == {
            f"#/components/messages/{each}" for each in channel["messages"]
        }


def test_grades_of_code_format_and_provider_are_in_the_document() -> None:
    made = of("parcel")
    message = made["components"]["messages"]["ParcelSentAdobeIo"]
    assert message["x-flowsim-event-code-grade"] == "A"
    assert message["x-flowsim-format-grade"] == "C"
    tag = made["components"]["tags"]["parcel"]
    assert tag["x-flowsim-provider"] == {"id": "parcels", "label": "Parcels", "grade": "gap"}
    assert tag["x-flowsim-prints"] == ["parcel.json"]


# Envelopes.


def test_an_own_envelope_is_described_and_shown() -> None:
    message = of("parcel")["components"]["messages"]["ParcelLostCloudEvent"]
    example = message["examples"][0]["payload"]
    assert [*example][-1] == "data"
    assert (example["specversion"], example["type"]) == ("0.2", "parcel.lost")
    own = message["headers"]["allOf"][1]["properties"]
    assert own["x-adobe-event-code"] == {"type": "string", "const": "parcel.lost"}
    assert own["x-adobe-provider"]["examples"] == ["parcels_EU"]


def test_content_without_an_envelope_is_the_payload() -> None:
    made = of("bare")
    [single] = [each for each in messages(made) if "x-flowsim-event-code" in each]
    schema = schema_of(made, single)
    assert [*schema["properties"]] == ["@id", "count"]
    assert [*single["examples"][0]["payload"]] == ["@id", "count"]


def test_content_of_which_no_fields_are_known_may_be_anything() -> None:
    made = of("undescribed")
    [single] = [each for each in messages(made) if "x-flowsim-event-code" in each]
    assert schema_of(made, single)["properties"]["data"] == {}


def test_a_batch_holds_the_elements_and_not_arrays_of_one() -> None:
    """A failed flow run that comes alone stands in an array of its own."""
    made = of("flow_run")
    [batch] = [each for each in messages(made) if each["name"] == "FlowRunBatchAdobeIo"]
    items = schema_of(made, batch)["items"]["anyOf"]
    assert items == [
        {"$ref": "#/components/schemas/SourcesFlowRunSuccessAdobeIo"},
        {"$ref": "#/components/schemas/SourcesFlowRunFailedEnvelope"},
    ]
    [example] = batch["examples"]
    assert all("event" in each or "messages" in each for each in example["payload"])


def test_events_that_only_journals_have_are_delivered_to_no_webhook() -> None:
    made = of("kept")
    assert [*made["channels"]] == ["kept.done", "journal"]
    channel = made["channels"]["kept.done"]
    assert channel["servers"] == [{"$ref": "#/servers/journal"}]
    [message] = [each for each in messages(made) if "x-flowsim-event-code" in each]
    assert {"headers", "bindings", "correlationId"} & {*message} == set()
    assert made["operations"]["receiveKeptDone"]["bindings"]["$ref"].endswith("/read")


# Names of schemas.


def test_different_schemas_of_one_name_keep_apart_and_equal_ones_are_shared() -> None:
    schemas = SharedSchemas({})
    text, number = {"type": "string"}, {"type": "number"}
    added = [schemas.add(["A", "CodeA"], each) for each in (text, number, text, number)]
    assert [schemas.name_of(each) for each in added] == ["A", "CodeA", "A", "CodeA"]
    third = schemas.add(["A", "CodeA"], {"type": "boolean"})
    assert schemas.name_of(third) == "CodeA2"


def test_equal_objects_of_codes_of_a_family_have_one_name() -> None:
    """The codes of jobs that succeed and fail share the job; each whole body has a name."""
    schemas = of("privacy_job")["components"]["schemas"]
    texts = [json.dumps({**each, "title": ""}, sort_keys=True) for each in schemas.values()]
    assert len({*texts}) == len(texts)


@pytest.mark.parametrize("family", shipped().readable()[0], ids=lambda each: each.name)
def test_examples_told_from_a_value_are_those_of_its_yaml(family: Family) -> None:
    """``document_of`` reads no YAML; with places of mistakes it is the same."""
    for each in guides(shipped()):
        if each.family is family:
            for said in each.code.entries():
                made = each.document_of(said)
                assert made.with_places is not None
                assert made.with_places().value == made.value
