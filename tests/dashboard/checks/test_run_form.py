"""What the form of a run may ask for."""

from __future__ import annotations

import shlex
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlsplit

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from flowsim.checks import catalogue
from flowsim.commands import main
from flowsim.commands.check import command
from flowsim.dashboard.checks import run_form
from flowsim.dashboard.checks.check_list import CheckFilter, chosen_names, listed
from flowsim.dashboard.checks.run_form import CheckForm, RequestedRun
from flowsim.errors import FlowsimError, SettingError
from flowsim.events_service.service import Service

from ...events_service.running import register

HOOK = "http://127.0.0.1:3000/hook"


def read(service: Service, **form: Any) -> RequestedRun:
    told = CheckForm.of(MultiDict(form))
    return run_form.read(service, told, CheckFilter(), lambda *_: nullcontext("127.0.0.1:4010"))


def test_a_registration_is_checked_as_the_service_calls_it(service: Service) -> None:
    found = register(service, HOOK, name="orders")
    options = read(service, registration=found.registration_id).options
    assert (options.url, options.client_id) == (HOOK, found.client_id)
    assert (options.only, options.delivery_format, options.key_host is None) == ((), None, False)


@pytest.mark.parametrize(
    "typed", ["3000/hook", ":3000/hook", "127.0.0.1:3000/hook", "http://127.0.0.1:3000/hook"]
)
def test_a_typed_address_goes_before_a_registration(service: Service, typed: str) -> None:
    other = register(service, "http://127.0.0.1:1/other", name="orders")
    run = read(service, url=typed, registration=other.registration_id, keys="own")
    assert (run.options.url, run.options.key_host) == (HOOK, None)
    assert run.options.client_id == service.installation.client_id


def test_all_or_those_ticked_are_run(service: Service) -> None:
    names = ["duplicate", "unsigned"]
    form = MultiDict([("url", HOOK), *(("check", name) for name in names)])
    for which, expected in (("ticked", (*names,)), ("all", ()), ("", (*names,))):
        told = CheckForm.of(MultiDict([*form.items(multi=True), ("which", which)]))
        run = run_form.read(service, told, CheckFilter(), lambda *_: nullcontext("127.0.0.1:4010"))
        assert (which, run.options.only) == (which, expected)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "no webhook is named"),
        ({"registration": "nobody"}, "no registration 'nobody'"),
        ({"url": "http://10.0.0.1/hook"}, "10.0.0.1 is no address of this machine"),
        ({"url": "https://example.com/hook"}, "example.com is no address of this machine"),
        ({"url": "http://0.0.0.0:3000/"}, "0.0.0.0 is no address of this machine"),
        ({"url": "http://169.254.169.254/"}, "169.254.169.254 is no address"),
        ({"url": "http://2130706433/hook"}, "is not an IP address in its usual form"),
        ({"url": "ftp://localhost/"}, "its scheme is ftp"),
        ({"url": "http://user@localhost/"}, "user name or password"),
        ({"url": HOOK, "processed": "http://10.0.0.1/{event_id}"}, "--processed: 10.0.0.1 is no"),
        ({"url": HOOK, "processed": "localhost:1/count"}, "does not contain {event_id}"),
        ({"url": HOOK, "state": "http://{run_id}/"}, "for --state"),
        ({"url": HOOK, "time_limit": "soon"}, "the time limit 'soon'"),
        ({"url": HOOK, "event": "no_such_code"}, "no_such_code"),
        ({"url": HOOK, "which": "ticked"}, "no check is ticked; tick those to run, or run all"),
        ({"url": HOOK, "check": "no-such-check"}, "no check or group 'no-such-check'"),
        ({"url": HOOK, "check": "/etc/passwd"}, "no check or group '/etc/passwd'"),
    ],
)
def test_a_mistake_is_refused_in_one_sentence(
    service: Service, form: dict[str, str], said: str
) -> None:
    with pytest.raises(FlowsimError) as refused:
        read(service, **form)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_registration_without_a_webhook_is_refused(service: Service) -> None:
    journal = register(service, None, "journal", name="journal")
    with pytest.raises(SettingError, match="has no webhook to be checked"):
        read(service, registration=journal.registration_id)


@given(url=st.text(max_size=60) | st.from_regex(r"\A(https?://)?[a-z0-9.:@\[\]/-]{1,30}\Z"))
def test_any_text_is_an_address_of_this_machine_or_refused(url: str) -> None:
    """Nothing that is typed leads elsewhere, and nothing is a traceback."""
    try:
        host = urlsplit(run_form.local_address(url)).hostname
    except FlowsimError:
        return
    assert host in ("localhost", "localhost.", "::1") or str(host).startswith("127.")


def test_listed_checks_are_run_if_none_is_ticked() -> None:
    """Those for thorough runs are among them only in such a run."""
    wanted = CheckFilter(group="load")
    names = tuple(each.name for each in listed(wanted))
    assert chosen_names((), wanted, thorough=True) == names
    assert chosen_names(("duplicate",), wanted, thorough=False) == ("duplicate",)
    assert chosen_names((), CheckFilter(), thorough=False) == ()
    late = [each.name for each in listed(CheckFilter()) if "thorough" in each.when]
    of_all = chosen_names((), CheckFilter(text=" "), thorough=False)
    assert late
    assert not {*late} & {*of_all}


def test_filters_compare_group_level_and_text() -> None:
    rows = listed(CheckFilter("signature", "must", "RECIPIENT"))
    assert rows
    assert {(each.group, each.level) for each in rows} == {("signature", "must")}
    assert CheckFilter.of({"group": "none", "level": "x", "text": " a "}) == CheckFilter(text="a")


def test_a_check_with_the_name_of_a_group_is_run_alone(service: Service) -> None:
    """The group challenge has a check of this name."""
    run = read(service, url=HOOK, check="challenge")
    chosen = catalogue.select(run.options.only, run.options.skip)
    assert {each.name for each in chosen} == {catalogue.FIRST, "challenge"}
    assert "--skip challenge-anew," in run.command


def test_the_command_asks_for_the_same_run(service: Service) -> None:
    """What is printed is parsed as the command line that it is."""
    form = MultiDict(
        [
            *{
                "url": "3000/hook",
                "client_id": "a" * 32,
                "event": "",
                "format": "cloud_events",
            }.items(),
            *{"time_limit": "2m", "strict": "on", "thorough": "on"}.items(),
            *{"processed": "3000/processed/{event_id}", "state": "3000/runs/{run_id}"}.items(),
            *[("check", "duplicate"), ("check", "tampered-body")],
        ]
    )
    run = run_form.read(service, CheckForm.of(form), CheckFilter(), lambda *_: nullcontext(""))
    words = shlex.split(run.command)
    assert words[:2] == ["flowsim", "check"]
    parent = click.Context(main, **main.context_settings)  # a command keeps its first help option
    given_ = command.make_context("check", words[2:], parent).params
    options = run.options
    assert given_["url"] == "3000/hook"
    assert given_["client_id"] == options.client_id
    assert given_["only"] == ("duplicate,tampered-body",)
    assert given_["delivery_format"] == options.delivery_format
    assert (given_["time_limit"], given_["strict"], given_["thorough"]) == (120.0, True, True)
    assert given_["processed"] == "3000/processed/{event_id}"
