"""Shipped scenarios and published samples differ in known fields only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flowsim.core.event import Event
from flowsim.scenario.files import shipped
from flowsim.story.opening import open_story

from ...cases import for_each
from ...story.test_story import Json, run_of

SAMPLES = Path(__file__).parents[3] / "docs" / "adobe" / "samples"
PLAIN = [
    name
    for name, path in shipped().items()
    if not name.startswith("faults-")
    and name != "as-documented"
    and " flow_run:" in path.read_text("utf-8")
]
"""Scenarios about flow runs only, without faults."""

REFERENCES = {".activities[0].sourceInfo[0].reference.ids[0]"}
PROMOTION = {
    ".activities[1].durationSummary.startedAtUTC",
    ".activities[1].recordSummary.inputRecordCount",
    ".activities[1].recordSummary.outputRecordCount",
    ".activities[1].targetInfo[0].reference.ids[0]",
}
STAMPS = {".slaCreatedAt", ".processStartTime", ".transformedTime"}
HEADER = {f".header._adobeio.{name}" for name in ("imsOrgId", "providerMetadata", "eventCode")}

ADDED = {
    "success": REFERENCES | PROMOTION,
    "promotion": {".activities[0].targetInfo[0].reference.ids[0]"},
    "partial": {
        *(f".activities[0].recordSummary.{name}RecordCount" for name in ("input", "output")),
        *(f".activities[0].statusSummary.extensions.adf/{name}/id" for name in ("pipeline", "run")),
        *(
            f".activities[1].statusSummary.extensions.{id_}"
            for id_ in ("batchId", "acp_request_id")
        ),
        *(".imsOrgId", ".providerRefId", *STAMPS, *HEADER),
    },
    "copy": set(),
}
"""What a run has that its sample has not; docs/assumptions.md says why."""

LACKS = {
    "success": {".activities[1].recordSummary"},
    "promotion": {".activities[0].targetInfo[0].reference.ids"},
    "partial": {".activities[0].recordSummary"},
    "copy": set(),
}
"""What the sample prints empty, and a run does not."""


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of numbers, texts, and empty objects and arrays."""
    if isinstance(value, dict | list) and value:
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        is_list = isinstance(value, list)
        for key, each in inner:
            yield from leaves(each, f"{path}[{key}]" if is_list else f"{path}.{key}")
    else:
        yield path


def sample_of(kind: str) -> Json:
    """Return the run entity of a published sample.

    The samples of a partial ingestion and of a failed copy have fields without values.
    """
    content = json.loads((SAMPLES / f"{kind}.json").read_text(encoding="utf-8"))
    run: Json = content
    if "event" in content:
        run = content["event"]
    elif isinstance(content, list):
        run = content[0]["messages"][0]["value"]
    return run


def kind_of(event: Event) -> str | None:
    """Return which sample shows such a run; none if it has no input, or too many rejections."""
    run = run_of(event)
    *_, last = run["activities"]
    errors = last["statusSummary"].get("errors")
    if run["metrics"]["statusSummary"]["status"] == "failed":
        causes = last["statusSummary"]["extensions"]["errors"]
        return last["id"].removesuffix("Activity") if len(causes) == 1 else None
    if last["id"] == "copyActivity":
        return None
    return "partial" if errors else "success"


FILES = {"success": "success", "promotion": "failure", "partial": "partial", "copy": "failed-copy"}


@for_each("name", PLAIN)
def test_a_run_differs_from_its_sample_only_in_known_fields(name: str) -> None:
    for event in open_story(name).events():
        kind = kind_of(event)
        if kind is None:
            continue
        ours, theirs = ({*leaves(run)} for run in (run_of(event), sample_of(FILES[kind])))
        more = {each for each in ours - theirs if ".extensions.errors[" not in each}
        assert (kind, more) == (kind, ADDED[kind])
        assert (kind, theirs - ours) == (kind, LACKS[kind])


def test_the_shipped_scenarios_show_all_four_kinds() -> None:
    shown = {kind_of(event) for name in PLAIN for event in open_story(name).events()}
    assert shown == {*FILES, None}
