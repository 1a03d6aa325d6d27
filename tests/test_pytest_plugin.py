"""The plugin as pytest sees it, and as a failing test shows it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from fnmatch import fnmatchcase as fnmatch
from inspect import get_annotations
from itertools import takewhile
from pathlib import Path

import pytest

from flowsim.adobe_clients.environment import of_service
from flowsim.testing.flowsim import Flowsim
from flowsim.testing.receiver import Receiver
from flowsim.testing.service import EventsService

from .families.own import own_families
from .other_plugins import ALONE

pytest_plugins = ["pytester"]

CONSUMER = """
    import sqlite3
    from flask import Flask, request

    def create_app(database):
        app = Flask("consumer")

        @app.post("/hook")
        def hook():
            database.execute("INSERT INTO run VALUES (?)", [request.headers["x-adobe-event-id"]])
            return ""

        return app
"""

DATABASE = """
    import sqlite3
    import pytest
    from consumer import create_app

    @pytest.fixture
    def database():
        with sqlite3.connect(":memory:") as made:
            made.execute("CREATE TABLE run (event TEXT)")
            yield made
        made.close()
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A consumer's project whose owner has no keys of flowsim's yet, and few other plugins."""
    monkeypatch.delenv("FLOWSIM_HOME")
    monkeypatch.delenv("CI", raising=False)  # pytest tells its whole summary there
    monkeypatch.setenv("PYTEST_ADDOPTS", ALONE)
    monkeypatch.setenv("XDG_DATA_HOME", str(pytester.path / "data"))
    pytester.makepyfile(consumer=CONSUMER)
    pytester.makeconftest(DATABASE)
    pytester.syspathinsert()
    return pytester


def test_a_consumers_tests_pass_under_strict_markers_and_warnings(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(
        """
        import pytest
        from consumer import create_app

        def test_replay(flowsim, database):
            report = flowsim.replay("partial", target=create_app(database), path="/hook")
            report.assert_delivered()
            assert database.execute("SELECT event FROM run").fetchall() == [(report.events[0].id,)]

        @pytest.mark.flowsim(scenario="success", seed=3, path="/hook")
        class TestMarked:
            def test_all(self, flowsim, database):
                assert flowsim.replay(target=create_app(database)).seed == 3

            @pytest.mark.flowsim(seed=4)
            def test_one(self, flowsim, database):
                report = flowsim.replay(target=create_app(database))
                assert (report.seed, report.story.name) == (4, "success")

        def test_service(flowsim_service, flowsim_receiver):
            flowsim_receiver.respond("503,200")
            registration = flowsim_service.register(flowsim_receiver.url)
            flowsim_service.trigger("partial")
            flowsim_service.advance("1h")
            assert [each.answered for each in flowsim_receiver.received] == [503, 200]
            assert len(flowsim_service.journal(registration)) == 1

        def test_environment(flowsim, flowsim_environment, flowsim_service):
            import urllib.request
            (path, pem), _ = flowsim.public_keys.items()
            opener = urllib.request.build_opener()  # the usual one may know another proxy
            with opener.open(f"https://static.adobeioevents.com{path}") as answer:
                assert answer.read() == pem
            assert flowsim_environment["FLOWSIM_SERVICE"] == flowsim_service.url
        """
    )
    result = project.runpytest("--strict-markers", "--strict-config", "-W", "error")
    result.assert_outcomes(passed=5)


def test_keys_are_made_once_and_never_where_the_users_own_are(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import os
        from flowsim.installation import settings

        def test_keys(flowsim, flowsim_home):
            assert settings.home() == flowsim_home
            print("keys:", *flowsim.public_keys)

        def test_after():
            assert "FLOWSIM_HOME" not in os.environ
        """
    )

    def printed(*options: str) -> str:
        result = project.runpytest("-s", *options)
        result.assert_outcomes(passed=2)
        (line,) = (each for each in result.outlines if "keys:" in each)
        return line

    first, second = printed(), printed()
    assert first == second
    assert (project.path / ".pytest_cache/d/flowsim/keys").is_dir()
    assert not (project.path / "data").exists()
    assert printed("-p", "no:cacheprovider") != first
    project.makeini("[pytest]\nflowsim_home = mine\n")
    assert printed() != first
    assert (project.path / "mine" / "keys").is_dir()


def test_keys_of_flowsim_home_in_the_environment_are_used(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWSIM_HOME", str(project.path / "stated"))
    project.makepyfile("def test_keys(flowsim): assert flowsim.public_keys")
    project.runpytest().assert_outcomes(passed=1)
    assert (project.path / "stated" / "keys").is_dir()


def test_a_project_chooses_in_its_configuration_or_on_the_command_line(
    project: pytest.Pytester,
) -> None:
    (project.path / "stories").mkdir()
    (project.path / "stories" / "mine.yaml").write_text("events: [{flow_run: {}}]\n")
    project.makeini(
        """
        [pytest]
        flowsim_target = webhook:app
        flowsim_path = /hook
        flowsim_client_id = ffffffffffffffffffffffffffffffff
        flowsim_seed = 11
        flowsim_scenarios = stories
        """
    )
    project.makepyfile(
        webhook="""
        from flask import Flask
        app = Flask("webhook")
        app.post("/hook")(lambda: "")
        """
    )
    project.makepyfile(
        """
        def test_chosen(flowsim, request):
            report = flowsim.replay("mine")
            report.assert_delivered()
            assert report.events[0].json["recipientclientid"] == "f" * 32
            assert report.seed == int(request.config.getoption("flowsim_seed") or 11)
        """
    )
    project.runpytest().assert_outcomes(passed=1)
    project.runpytest("--flowsim-seed", "12").assert_outcomes(passed=1)
    mistaken = project.runpytest("--flowsim-seed", "x")
    mistaken.assert_outcomes(errors=1)
    mistaken.stdout.fnmatch_lines(["flowsim_seed: 'x'; expected random or a whole number*"])
    away = project.runpytest("--flowsim-target", "1")
    away.stdout.fnmatch_lines(["E * no webhook answers at http://127.0.0.1:1/ *wait=30"])


def test_families_of_the_project_and_event_codes_are_stories(project: pytest.Pytester) -> None:
    own_families(project.path, "order")
    own_families(project.mkdir("more"), "job")
    project.makeini("[pytest]\nflowsim_families = families\n")
    project.makepyfile(
        """
        import pytest
        from consumer import create_app
        from flask import Flask

        def test_codes(flowsim, database):
            (order,) = flowsim.notifications("order.placed")
            content = order.json.get("data") or order.json["event"]
            assert len(content["lines"]) == 2
            report = flowsim.replay("order.placed", create_app(database), path="/hook")
            report.assert_delivered()
            sent = flowsim.notifications("sources_flow_run_failed", set={"flow_run.stage": "copy"})
            assert len(sent) == 1

        def test_families_of_one_call(flowsim):
            entries = {"events": [{"job": {"ends": "never"}}, {"order": {}}]}
            assert len(flowsim.notifications(entries, families="more/families")) == 4
            with pytest.raises(Exception, match="unknown key 'job'"):
                flowsim.notifications(entries)

        def test_own_check(flowsim, tmp_path):
            app = Flask("any")
            app.post("/hook")(lambda: "")
            own = tmp_path / "own.yaml"
            own.write_text(
                "our-check: {group: http, level: must, claim: A., why: B., page: 'https://c.d/',"
                " advice: E., events: [{order: {}}]}"
            )
            found = flowsim.check(app, path="/hook", checks=own, only="our-check")
            assert [each.verdict.state for each in found.results][-1] == "passed"
        """
    )
    project.runpytest("-p", "no:cacheprovider").assert_outcomes(passed=3)


def test_a_failing_test_shows_the_timelines_of_its_replays(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest
        from consumer import create_app

        def raising(environ, start_response):
            raise LookupError("no such run")

        def test_assertion_of_its_own(flowsim, database):
            flowsim.replay("partial", create_app(database), path="/hook")
            assert database.execute("SELECT count(*) FROM run").fetchone() == (2,)

        def test_raising(flowsim):
            flowsim.replay("partial", raising, max_attempts=2)
            pytest.fail("it is seen below")

        def test_assert_delivered(flowsim, database):
            flowsim.replay("partial", create_app(database)).assert_delivered()

        def test_mistake(flowsim, database):
            flowsim.replay("partail", create_app(database))

        @pytest.mark.flowsim(sed=3)
        def test_marker(flowsim):
            raise AssertionError("not reached")

        def test_fine(flowsim, database):
            flowsim.replay("success", create_app(database), path="/hook").assert_delivered()
        """
    )
    result = project.runpytest("--tb=short")
    result.assert_outcomes(failed=4, passed=1, errors=1)
    title = "-* flowsim: partial to https://testserver/*, seed 7 -*"
    result.stdout.fnmatch_lines_random(
        [
            "@pytest.mark.flowsim has no 'sed'; expected seed",
            title,
            "09:30:00.000 → sources_flow_run_success * try 1 [[]200[]] * · delivered",
            "09:31:00.000 → sources_flow_run_success * try 2 [[]500[]] * ms"
            " · the application raised * · dropped: *",
            "the application raised:",
            "E   AssertionError: 1 of 1 event did not end as expected",
            "E   event     event code                expected   received",
            "E   *  sources_flow_run_success  delivered  dropped: 404 is not retried",
            "E   flowsim.errors.SettingError: no scenario, file or event code 'partail';"
            " did you mean *",
        ]
    )
    text = result.stdout.str()
    assert text.count("flowsim: partial to") == 3
    assert "flowsim: success" not in text
    assert "simulator" not in text  # nothing of the way into flowsim


def test_a_failing_test_shows_what_receiver_and_service_got(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        def test_own_assertion(flowsim_service, flowsim_receiver):
            flowsim_service.register(flowsim_receiver.url)
            flowsim_service.trigger("partial")
            assert len(flowsim_receiver.received) == 2

        def test_lookup(flowsim_receiver):
            flowsim_receiver.request("sources_flow_run_failed")

        def test_fine(flowsim_receiver):
            pass

        @pytest.fixture
        def broken(flowsim_service):
            yield
            raise LookupError("after the test")

        def test_teardown(broken):
            pass
        """
    )
    result = project.runpytest("--tb=short")
    result.assert_outcomes(failed=2, passed=2, errors=1)
    result.stdout.fnmatch_lines(
        [
            "-* flowsim_service -*",
            "1 event",
            "*  sources_flow_run_success  http://127.0.0.1:*/webhook (1)",
            "1 attempt",
            "*  http://127.0.0.1:*/webhook (1)  1    [[]200[]]   delivered",
            "-* flowsim_receiver -*",
            "1 request",
            "event *",
            "*  sources_flow_run_success  1    200       yes",
            "E   AssertionError: no request with code='sources_flow_run_failed'; *",
            "-* flowsim_receiver -*",
            "no request",
        ]
    )
    text = result.stdout.str()
    assert (text.count("- flowsim_receiver -"), text.count("- flowsim_service -")) == (2, 1)
    assert "simulator/" not in text.partition("short test summary")[0]


def test_each_check_is_a_subtest(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        from flask import Flask, request

        app = Flask("careless")
        answer = lambda: request.args.get("challenge", "fine")
        app.route("/hook", methods=["GET", "POST"])(answer)

        def test_webhook(flowsim):
            flowsim.check(app, path="/hook", only=["unsigned", "challenge", "duplicate"])
        """
    )
    result = project.runpytest("-v", "-rs", "-W", "error")
    result.assert_outcomes(failed=2, skipped=1, xfailed=2)
    result.stdout.fnmatch_lines_random(
        [
            "*::test_webhook SUBPASSED[[]challenge[]] *",
            "_* test_webhook [[]unsigned[]] *_",
            "unsigned: An event without signatures is refused.",
            "expected *",
            "received 200 'fine'",
            "SUBSKIPPED*not judged: processed= is needed to see what the webhook does with an*",
        ]
    )
    assert "simulator/" not in result.stdout.str().partition("short test summary")[0]


@pytest.mark.slow
def test_two_processes_share_the_work_and_the_keys(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest
        from consumer import create_app

        @pytest.mark.flowsim(path="/hook")
        @pytest.mark.parametrize("number", range(6))
        def test_replay(flowsim, database, number):
            report = flowsim.replay("partial", create_app(database))
            assert report.ok and number != 5
        """
    )
    result = project.runpytest_subprocess("-p", "xdist.plugin", "-n", "2", "--strict-markers", "-q")
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(["-* flowsim: partial to https://testserver/hook, seed 7 -*"])
    assert len([*(project.path / ".pytest_cache/d/flowsim/keys/public").iterdir()]) == 2


def test_the_plugin_can_be_switched_off(project: pytest.Pytester) -> None:
    project.makepyfile("def test_replay(flowsim): assert flowsim")
    off = project.runpytest("-p", "no:flowsim")
    off.assert_outcomes(errors=1)
    off.stdout.fnmatch_lines(["*fixture 'flowsim' not found"])


def described(project: pytest.Pytester, fixture: str) -> dict[str, str]:
    """Return what ``pytest --fixtures`` says about each member of a fixture's value."""
    lines = project.runpytest("--fixtures", "-q").outlines
    start = next(place for place, line in enumerate(lines) if line.startswith(f"{fixture} -- "))
    own = [*takewhile(lambda line: line.startswith("    "), lines[start + 1 :])]
    rows = [re.fullmatch(r"    ([\w*, ]+)(?:\([^)]*\))?: (.+)", line) for line in own]
    return {name: row[2] for row in rows if row for name in row[1].split(", ")}


@pytest.mark.parametrize(
    ("fixture", "kind"),
    [("flowsim", Flowsim), ("flowsim_receiver", Receiver), ("flowsim_service", EventsService)],
)
def test_every_method_of_a_fixture_is_described(
    project: pytest.Pytester, fixture: str, kind: type
) -> None:
    """What an object has and its class has not is a member too; a new one needs a line."""
    stated = {name for each in kind.__mro__ for name in get_annotations(each)}
    members = {name for name in {*dir(kind), *stated} if not name.startswith("_")}
    if kind is Flowsim:
        members |= {name for name in vars(Flowsim()) if not name.startswith("_")}
    found = described(project, fixture)
    assert {*found} == members
    assert all(len(text) > 10 for text in found.values())


def test_every_variable_of_the_environment_is_described(project: pytest.Pytester) -> None:
    with EventsService(with_proxy=True) as service:
        variables = [*of_service(service.identity, {})]
    patterns = [*described(project, "flowsim_environment")]
    assert [each for each in variables if not any(fnmatch(each, one) for one in patterns)] == []
    assert [one for one in patterns if not any(fnmatch(each, one) for each in variables)] == []


def test_fixtures_options_and_marker_are_documented(project: pytest.Pytester) -> None:
    result = project.runpytest("--fixtures", "-q").stdout.str()
    for name in ("flowsim", "flowsim_service", "flowsim_receiver", "flowsim_environment"):
        assert f"\n{name} -- " in result
    assert "_flowsim_" not in result
    assert "@pytest.mark.flowsim(scenario=..." in project.runpytest("--markers").stdout.str()
    assert "--flowsim-target=TARGET" in project.runpytest("--help").stdout.str()


def test_pytest_without_our_fixtures_loads_no_module_of_the_plugin(tmp_path: Path) -> None:
    (tmp_path / "test_none.py").write_text("def test_none(): pass\n")
    program = (
        "import sys, pytest\n"
        "code = pytest.main(['-q', '-p', 'no:cacheprovider'])\n"
        "print(*sorted(each for each in sys.modules if each.startswith('flowsim')))\n"
        "sys.exit(code)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_ADDOPTS": ALONE},
        capture_output=True,
        text=True,
        check=True,
    )
    few = "flowsim flowsim.pytest_plugin flowsim.runtime flowsim.runtime.version"
    assert result.stdout.splitlines()[-1] == few
