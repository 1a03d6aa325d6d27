"""The verdict on a webhook in this process, one subtest a check."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from flowsim.checks import catalogue, held, load_judges, pace
from flowsim.core.event import Event
from flowsim.core.spec_values import RegistrationSpec
from flowsim.errors import FlowsimError
from flowsim.installation.settings import keys_folder
from flowsim.testing.choices import Choices
from flowsim.testing.flowsim import Flowsim
from flowsim.testing.public_keys import PublicKeys
from flowsim.testing.subtests import report

from ..checks.consumers import shortened
from ..checks.own import FAILED_IMPORT
from ..consumers import app, fastapi_app
from ..consumers.correct import CorrectConsumer, KeyUnavailableError
from ..consumers.losing import MISTAKES as LOSING
from ..consumers.mistakes import MISTAKES
from ..hostile.text import HOSTILE, SHOWN, assert_harmless

pytestmark = pytest.mark.usefixtures("works_at_once")

CLIENT_ID = RegistrationSpec().client_id


class Recorder:
    """Keeps what became of each subtest, in the place of pytest's own."""

    def __init__(self) -> None:
        self.ended: dict[str, BaseException | None] = {}

    @contextlib.contextmanager
    def test(self, msg: str) -> Iterator[None]:
        try:
            yield
            self.ended[msg] = None
        except BaseException as error:
            self.ended[msg] = error

    def of(self, kind: type[BaseException]) -> dict[str, str]:
        """Return the subtests that ended so, with what they say."""
        return {name: str(each) for name, each in self.ended.items() if isinstance(each, kind)}

    @property
    def failed(self) -> dict[str, str]:
        return self.of(pytest.fail.Exception)

    @property
    def skipped(self) -> dict[str, str]:
        return self.of(pytest.skip.Exception)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def checker(keys: PublicKeys, recorder: Recorder) -> Flowsim:
    """The fixture's value where pytest has subtests."""
    return Flowsim(Choices(path="/hook"), keys, on_check=lambda found: report(found, recorder))


@pytest.mark.slow
def test_a_correct_webhook_passes_everything(
    checker: Flowsim, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Functions are called in the thread of the test, where its database connection works."""
    monkeypatch.setattr(catalogue, "find", shortened(catalogue.find))
    monkeypatch.setattr(held, "LATER", (0.01, 0.05))
    monkeypatch.setattr(pace, "AT_ONCE", load_judges.AT_ONCE)
    webhook, caller = CorrectConsumer(CLIENT_ID, checker.key_host), threading.current_thread()

    def processed(event_id: str) -> int:
        assert threading.current_thread() is caller
        return webhook.processed(event_id)

    def state(run_id: str) -> dict[str, Any] | None:
        assert threading.current_thread() is caller
        return webhook.state_of(run_id)

    findings = checker.check(
        app.create(webhook), processed=processed, state=state, restart=webhook.restart
    )
    assert (findings.ok, findings.idempotency) == (True, "SAFE")
    assert [*recorder.ended] == [each.check.name for each in findings.results]
    assert len(recorder.ended) > 80
    assert recorder.failed == {}
    assert {*recorder.skipped} <= {"slow-sender"}  # a busy machine may send too late for it


@pytest.mark.parametrize(("settle", "failed"), [(0.0, True), (0.3, False)])
def test_settle_waits_for_work_after_the_answer(
    checker: Flowsim, recorder: Recorder, settle: float, failed: bool
) -> None:
    """The application's owner knows of each event from the third question about it on."""
    asked: list[str] = []

    def processed(event_id: str) -> int:
        asked.append(event_id)
        return int(asked.count(event_id) > 2)

    webhook = app.create(CorrectConsumer(CLIENT_ID, checker.key_host))
    checker.check(webhook, processed=processed, settle=settle, only="acknowledged-is-processed")
    assert ("acknowledged-is-processed" in recorder.failed) is failed


def test_functions_may_be_async_with_connections_of_their_own(
    checker: Flowsim, recorder: Recorder
) -> None:
    """All calls share one event loop, which is not that of the test: a lock may be bound to it."""
    webhook = CorrectConsumer(CLIENT_ID, checker.key_host)
    loops: set[asyncio.AbstractEventLoop] = set()

    async def look() -> None:
        loops.add(asyncio.get_running_loop())
        await asyncio.sleep(0)

    async def processed(event_id: str) -> int:
        await look()
        return webhook.processed(event_id)

    async def state(run_id: str) -> dict[str, Any] | None:
        await look()
        return webhook.state_of(run_id)

    async def check() -> set[str]:
        """A test with a loop of its own waits, and its loop is not used meanwhile."""
        loops.discard(asyncio.get_running_loop())
        only = ["duplicate", "run-state"]
        findings = checker.check(app.create(webhook), processed=processed, state=state, only=only)
        assert asyncio.get_running_loop() not in loops
        return {each.check.name for each in findings.results if each.verdict.state == "passed"}

    assert asyncio.run(check()) == {"answers", "duplicate", "run-state"}
    assert len(loops) == 1
    assert recorder.failed == {}


def test_an_exception_of_an_async_function_is_raised_in_the_test(checker: Flowsim) -> None:
    async def broken(_: str) -> int:
        raise LookupError("no such table")

    webhook = app.create(CorrectConsumer(CLIENT_ID, checker.key_host))
    with pytest.raises(LookupError, match="no such table"):
        checker.check(webhook, processed=broken, only="unsigned")


@pytest.mark.parametrize("ignores", ["sources_flow_run_failed", ["sources_flow_run_failed"], None])
def test_what_is_left_out_is_a_code_codes_or_a_function(
    checker: Flowsim, recorder: Recorder, ignores: Any
) -> None:
    caller = threading.current_thread()

    def is_failure(event: Event) -> bool:
        assert threading.current_thread() is caller
        return event.code == "sources_flow_run_failed"

    webhook = LOSING["drops-failed-runs"](CLIENT_ID, checker.key_host)
    given = {"processed": webhook.processed, "ignores": ignores or is_failure}
    checker.check(app.create(webhook), only="failed-runs", **given)
    assert recorder.ended == {"answers": None, "failed-runs": None}


def test_the_remedy_for_a_lost_event_is_an_argument(checker: Flowsim, recorder: Recorder) -> None:
    webhook = LOSING["drops-failed-runs"](CLIENT_ID, checker.key_host)
    checker.check(app.create(webhook), processed=webhook.processed, only="failed-runs")
    assert "ignores=sources_flow_run_failed if it is left out" in recorder.failed["failed-runs"]
    assert "--" not in recorder.failed["failed-runs"]


def test_a_lost_event_fails_at_level_note_too(
    checker: Flowsim, recorder: Recorder, tmp_path: Path
) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(FAILED_IMPORT.replace("level: must", "level: note"), encoding="utf-8")
    webhook = LOSING["drops-failed-runs"](CLIENT_ID, checker.key_host)
    findings = checker.check(
        app.create(webhook), processed=webhook.processed, only="failed-import", checks=file
    )
    assert (findings.ok, findings.exit_code) == (False, 1)
    assert [each.level for each in findings.failures] == ["note"]
    assert "acknowledged, then lost: 200 'taken'" in recorder.failed["failed-import"]


def test_an_asgi_application_is_checked_too(checker: Flowsim, recorder: Recorder) -> None:
    webhook = CorrectConsumer(CLIENT_ID, checker.key_host)
    checker.check(fastapi_app.create(webhook), processed=webhook.processed, only="identity")
    assert (recorder.failed, recorder.ended["duplicate"]) == ({}, None)


def test_a_failed_subtest_has_the_whole_explanation(checker: Flowsim, recorder: Recorder) -> None:
    webhook = MISTAKES["lets-unsigned-in"](CLIENT_ID, checker.key_host)
    checker.check(app.create(webhook), only=["signature"], seed=7)
    lines = recorder.failed["unsigned"].splitlines()
    assert lines[0] == "unsigned: An event without signatures is refused."
    assert [line.split()[0] for line in lines[1:]] == [
        *("sent", "expected", "received", "why", "do", "again"),
    ]
    assert lines[-1] == "again    flowsim.check(…, only=['unsigned'], seed=7)"
    need_effects = {"batch-with-stranger", "batch-with-stranger-inside"}
    assert {*recorder.skipped} == need_effects, "which need an answer about effects"


def test_checks_of_a_file_are_subtests_too(
    checker: Flowsim, recorder: Recorder, tmp_path: Path
) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(FAILED_IMPORT, encoding="utf-8")
    webhook = app.create(CorrectConsumer(CLIENT_ID, checker.key_host))
    checker.check(webhook, only="failed-import", checks=[file])
    assert recorder.ended == {"answers": None, "failed-import": None}
    checker.check(webhook, only="failed-import", checks=str(file))
    with pytest.raises(FlowsimError, match="expected a file with checks"):
        checker.check(webhook, checks=tmp_path / "missing.yaml")


def test_a_failed_should_is_an_expected_failure_unless_strict(
    checker: Flowsim, recorder: Recorder
) -> None:
    webhook = MISTAKES["compares-recipient-if-named"](CLIENT_ID, checker.key_host)
    checker.check(app.create(webhook), only="recipient-missing")
    (said,) = recorder.of(pytest.xfail.Exception).values()
    assert said.startswith("should: An event that names no recipient is refused.; 200")
    checker.check(app.create(webhook), only="recipient-missing", strict=True)
    assert [*recorder.failed] == ["recipient-missing"]


def test_a_should_that_has_become_a_must_fails(checker: Flowsim, recorder: Recorder) -> None:
    webhook = MISTAKES["gives-up-at-garbage"](CLIENT_ID, checker.key_host)
    checker.check(app.create(webhook), only="one-key-garbage")
    assert [*recorder.failed] == ["one-key-garbage"]


def test_without_processed_the_checks_of_effects_are_skipped(
    checker: Flowsim, recorder: Recorder
) -> None:
    webhook = CorrectConsumer(CLIENT_ID, checker.key_host)
    findings = checker.check(app.create(webhook), only=["duplicate", "unsigned"])
    assert findings.ok
    assert findings.verdict == "no mistake found; 1 claim not judged"
    assert [each.check.name for each in findings.unjudged] == ["duplicate"]
    assert findings.idempotency == "not judged"
    assert recorder.skipped["duplicate"].startswith("not judged: processed= is needed to see")


def test_a_test_in_which_nothing_is_judged_fails(checker: Flowsim) -> None:
    webhook = CorrectConsumer(CLIENT_ID, checker.key_host)
    with pytest.raises(pytest.fail.Exception, match="could not judge; 1 claim not judged\nproc"):
        checker.check(app.create(webhook), only="duplicate")


@pytest.mark.slow
def test_keys_may_be_looked_up_instead_of_fetched(checker: Flowsim, recorder: Recorder) -> None:
    """Also while the checks have a key host of their own, whose faults are seen all the same."""

    class LooksUp(CorrectConsumer):
        def open(self, url: str) -> bytes:
            try:
                return checker.public_key(url)
            except LookupError:
                raise KeyUnavailableError(url) from None

    webhook = LooksUp(CLIENT_ID, checker.key_host)
    checker.check(app.create(webhook), only="signature", processed=webhook.processed)
    assert (recorder.failed, recorder.skipped) == ({}, {})
    path = next(iter(checker.public_keys))
    assert requests.get(checker.key_host + path, timeout=10).status_code == 200


def test_the_traceback_of_an_application_is_shown(checker: Flowsim, recorder: Recorder) -> None:
    def raising(environ: object, start_response: object) -> list[bytes]:
        raise LookupError(f"no {type(environ)} {type(start_response)}")

    checker.check(raising, only="sound-event")
    assert "LookupError: no <class 'dict'> " in recorder.failed["sound-event"]


def test_texts_of_an_application_harm_no_terminal(checker: Flowsim, recorder: Recorder) -> None:
    def hostile(environ: dict[str, str], start_response: Callable[..., object]) -> list[bytes]:
        if len(result) == 1:
            raise LookupError(HOSTILE)
        is_text = environ["CONTENT_TYPE"] == "text/plain"
        start_response("400 No" if is_text else "200 OK", [])
        return [HOSTILE.encode()]

    result = recorder.ended
    checker.check(hostile, only=["sound-event", "unsigned", "one-key-garbage"])
    for each in result.values():
        assert_harmless(str(each))
    assert all(each in recorder.failed["unsigned"] for each in SHOWN)


def test_without_subtests_all_failures_are_reported_as_one() -> None:
    with contextlib.closing(PublicKeys(keys_folder())) as keys:
        checker = Flowsim(Choices(path="/hook"), keys, on_check=lambda found: report(found, None))
        webhook = MISTAKES["verifies-nothing"](CLIENT_ID, checker.key_host)
        with pytest.raises(pytest.fail.Exception) as raised:
            checker.check(app.create(webhook), only=["tampered-body", "unsigned"])
        text = str(raised.value)
        assert text.startswith("tampered-body: A body that was changed after it was signed is")
        correct = CorrectConsumer(CLIENT_ID, checker.key_host)
        assert checker.check(app.create(correct), only=["unsigned"]).ok


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"only": "unsigend"}, "no check or group 'unsigend'; expected unsigned"),
        ({"target": 1}, "no webhook answers at http://127.0.0.1:1/"),
        ({"processed": lambda _: 1}, "processed= says that an unsent event was processed"),
    ],
)
def test_an_impossible_check_is_reported_in_one_sentence(
    checker: Flowsim, recorder: Recorder, arguments: dict[str, object], said: str
) -> None:
    webhook = app.create(CorrectConsumer(CLIENT_ID, checker.key_host))
    result = ""
    try:
        checker.check(**{"target": webhook, "only": "answers", **arguments})  # type: ignore[arg-type]
        result = "\n".join([*recorder.failed.values(), *recorder.skipped.values()])
    except FlowsimError as error:
        result = str(error)
    assert said in result


def late(then: Callable[[], int]) -> Callable[[str], int]:
    """Return a function that answers 0 for the event that was never sent, then calls ``then``."""
    asked: list[str] = []
    return lambda event_id: asked.append(event_id) or (0 if len(asked) == 1 else then())


def test_an_error_of_processed_keeps_its_traceback(checker: Flowsim, recorder: Recorder) -> None:
    def broken() -> int:
        raise LookupError("no such table")

    webhook = app.create(CorrectConsumer(CLIENT_ID, checker.key_host))
    with pytest.raises(LookupError, match="no such table") as raised:
        checker.check(webhook, processed=late(broken), only="duplicate")
    assert "broken" in [each.name for each in raised.traceback]
    assert recorder.ended == {}


@pytest.mark.parametrize("has_subtests", [True, False])
def test_an_invalid_answer_of_processed_fails_the_test_below_its_subtests(
    keys: PublicKeys, recorder: Recorder, has_subtests: bool
) -> None:
    result = recorder if has_subtests else None
    checker = Flowsim(Choices(path="/hook"), keys, on_check=lambda found: report(found, result))
    webhook = app.create(CorrectConsumer(CLIENT_ID, checker.key_host))
    with pytest.raises(pytest.fail.Exception, match="returned -1"):
        checker.check(webhook, processed=late(lambda: -1), only=["duplicate", "unsigned"])
    if has_subtests:
        assert recorder.ended["unsigned"] is None
        assert recorder.skipped["duplicate"].startswith("not judged: processed= did not say")


def test_a_webhook_can_be_checked_twice(checker: Flowsim) -> None:
    host = checker.key_host

    def check() -> bool:
        webhook = CorrectConsumer(CLIENT_ID, checker.key_host)
        return checker.check(app.create(webhook), only="unsigned").ok

    assert check()
    assert check()
    assert checker.key_host == host


def test_ctrl_c_ends_a_check_and_keys_are_served_again(checker: Flowsim) -> None:
    host = checker.key_host

    def processed(_: str) -> int:
        raise KeyboardInterrupt

    webhook = CorrectConsumer(CLIENT_ID, host)
    with pytest.raises(KeyboardInterrupt):
        checker.check(app.create(webhook), processed=processed, only="duplicate")
    path = next(iter(checker.public_keys))
    assert requests.get(checker.key_host + path, timeout=10).status_code == 200
