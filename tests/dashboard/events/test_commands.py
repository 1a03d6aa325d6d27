"""Commands to paste make the example that the page shows."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from flowsim.dashboard.events.commands import commands_of
from flowsim.dashboard.events.example import CHOSEN, ChosenOptions, example_of
from flowsim.families.registry import shipped
from flowsim.reports.event_guide import EventGuide, guide_of

from ...cases import for_each

SUCCESS = "sources_flow_run_success"


def guide(code: str) -> EventGuide:
    found = guide_of(shipped(), code)
    assert found is not None
    return found


@for_each(
    "code, query",
    [
        (SUCCESS, {}),
        (SUCCESS, {"seed": "3", "at": "2026-02-01T00:00:00Z", "names": "new-only"}),
        (
            SUCCESS,
            {
                CHOSEN: "1",
                "say.records.input": "500",
                "say.records.failed": "3",
                "say.partial_ingestion_percent": "2.5",
                "say.name": "Bob's $flow `x`",
            },
        ),
        (SUCCESS, {CHOSEN: "1", "say.source": "amazon-s3"}),
        (SUCCESS, {"fault": "deprecated-names-removed"}),
        ("segment_evaluation_job_error", {CHOSEN: "1", "say.lasts": "3h"}),
    ],
)
def test_show_prints_the_events_of_the_page(
    code: str,
    query: dict[str, str],
    flowsim: Callable[..., Result],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choices = ChosenOptions.of(guide(code), query)
    example = example_of(guide(code), choices)
    monkeypatch.chdir(tmp_path)
    Path("my.yaml").write_text(example.scenario, "utf-8")
    (show,) = (each for each in commands_of(guide(code), choices) if " show " in each.command)
    result = flowsim(*shlex.split(show.command)[1:])
    assert result.exit_code == 0, result.stderr
    bodies = [json.loads(line) for line in result.stdout.splitlines()]
    ids = [each.get("eventid", each.get("event_id")) for each in bodies]
    assert [each.id for each in example.events] == [
        each for each in ids if each in {event.id for event in example.events}
    ]
    assert show.needs_file == (query.get("say.source") == "amazon-s3" or code != SUCCESS)
