"""``flowsim scenarios``: what is shipped, and the words of the catalogues."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from click.testing import Result

from flowsim.families.flow_run import catalogue
from flowsim.scenario.files import read, shipped

from ..fixtures import SCENARIOS

Flowsim = Callable[..., Result]

ASKED_FOR = {
    *("success", "partial", "failure-copy", "failure-promotion", "empty-success"),
    *("partial-at-threshold", "as-documented", "cloudevents", "batch"),
    *("deprecated-names-removed", "day-in-production"),
}


def listed(result: Result) -> dict[str, str]:
    """Return a printed list: name → text, with the text's lines put together."""
    rows: dict[str, str] = {}
    for line in result.stdout.splitlines():
        name, _, text = line.partition("  ")
        if name:
            last = name
            rows[last] = ""
        rows[last] = f"{rows[last]} {text.strip()}".strip()
    return rows


def test_every_shipped_scenario_is_listed_with_its_description(flowsim: Flowsim) -> None:
    rows = listed(flowsim("scenarios"))
    assert set(rows) == {path.stem for path in SCENARIOS.glob("*.yaml")}
    assert rows.keys() >= ASKED_FOR
    for name, path in shipped().items():
        description = read(str(path)).value["description"]
        assert rows[name] == " ".join(description.split())


def test_the_lists_fit_a_hundred_columns(flowsim: Flowsim) -> None:
    for option in ([], ["--sources"], ["--errors"]):
        output = flowsim("scenarios", *option).stdout
        assert max(map(len, output.splitlines())) <= 100


def test_sources_are_the_words_that_flow_source_takes(flowsim: Flowsim) -> None:
    rows = listed(flowsim("scenarios", "--sources"))
    assert list(rows) == list(catalogue.sources())
    assert rows["amazon-s3"] == (
        "Amazon S3 (file), connection spec ecadc60c-7455-4d87-84dc-2a0e293d997b, "
        "flow spec 9753525b-82c7-4dce-8a9b-5ccfce2b9876; copy errors: "
        "UserErrorFailedFileOperation (inferred), "
        "UserErrorFailedToGetAccessTokenByServicePrincipal (documented)"
    )
    assert "SftpNetworkIssue (documented)" in rows["sftp"]
    last = list(rows)[-1]
    shown = flowsim("show", "partial", "--as", "body", "--set", f"flow.source={last}")
    assert shown.exit_code == 0


def test_errors_are_the_codes_that_a_flow_run_takes(flowsim: Flowsim) -> None:
    rows = listed(flowsim("scenarios", "--errors"))
    assert list(rows) == list(catalogue.run_errors())
    assert rows["MAPPER-3700-400"] == "promotion, record, documented: Mapper Transform Error"
    code = "INGEST-1555-400"
    shown = flowsim("show", "partial", "--as", "body", "--set", f"flow_run.errors=[{code}]")
    assert code in shown.stdout


@pytest.mark.parametrize("name", ["partail", "partial-at-treshold.yaml"])
def test_a_name_with_a_typo_is_answered_with_the_nearest(flowsim: Flowsim, name: str) -> None:
    result = flowsim("replay", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.search(r"did you mean partial(-at-threshold)?\?", result.stderr)


def test_an_unknown_name_without_a_similar_one_is_answered_with_all_names(flowsim: Flowsim) -> None:
    result = flowsim("replay", "xyz")
    assert result.exit_code == 2
    assert (
        "expected a name of `flowsim scenarios`, or an event code of `flowsim events`"
        in result.stderr
    )
