"""The verdict on a webhook in this process, one subtest a check."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from flowsim.core.spec_values import RegistrationSpec
from flowsim.errors import FlowsimError
from flowsim.installation.settings import keys_folder
from flowsim.testing.choices import Choices
from flowsim.testing.flowsim import Flowsim
from flowsim.testing.public_keys import PublicKeys
from flowsim.testing.subtests import report

from ..checks.own import FAILED_IMPORT
from ..consumers import app, fastapi_app
from ..consumers.mistakes import MISTAKES
from ..consumers.sound import KeyUnavailableError, Sound
from ..hostile.text import HOSTILE, SHOWN, assert_harmless

CLIENT_ID = RegistrationSpec().client_id


class Recorder:
    """Keeps what became of each subtest, in the place of pytest's own."""

    def __init__(self) -> None:
        self.told: dict[str, BaseException | None] = {}

    @contextlib.contextmanager
    def test(self, msg: str) -> Iterator[None]:
        try:
            yield
            self.told[msg] = None
        except BaseException as error:
            self.told[msg] = error

    def of(self, kind: type[BaseException]) -> dict[str, str]:
        """Return the subtests that ended so, with what they say."""
        return {name: str(each) for name, each in self.told.items() if isinstance(each, kind)}

    @property
    def failed(self) -> dict[str, str]:
        return self.of(pytest.fail.Exception)

    @property
    def skipped(self) -> dict[str, str]:
        return self.of(pytest.skip.Exception)


@pytest.fixture
def subtests_told() -> Recorder:
    return Recorder()


@pytest.fixture
def checker(keys: PublicKeys, subtests_told: Recorder) -> Flowsim:
    """The fixture's value where pytest has subtests."""
    return Flowsim(Choices(path="/hook"), keys, on_check=lambda found: report(found, subtests_told))


def test_a_sound_webhook_passes_everything(checker: Flowsim, subtests_told: Recorder) -> None:
    """What it did is asked for in the thread of the test, whose database may be its own."""
    webhook, caller = Sound(CLIENT_ID, checker.key_host), threading.current_thread()

    def processed(event_id: str) -> int:
        assert threading.current_thread() is caller
        return webhook.processed(event_id)

    findings = checker.check(app.create(webhook), processed=processed)
    assert (findings.ok, findings.idempotency) == (True, "SAFE")
    assert [*subtests_told.told] == [each.check.name for each in findings.results]
    assert len(subtests_told.told) > 80
    assert subtests_told.failed == {}
    assert subtests_told.skipped == {}


@pytest.mark.parametrize(("settle", "failed"), [(0.0, True), (1.0, False)])
def test_what_is_done_after_the_answer_is_waited_for(
    checker: Flowsim, subtests_told: Recorder, settle: float, failed: bool
) -> None:
    """The application's owner knows of the work from the sixth question on."""
    asked: list[str] = []

    def processed(event_id: str) -> int:
        asked.append(event_id)
        return int(len(asked) > 5)

    webhook = app.create(Sound(CLIENT_ID, checker.key_host))
    checker.check(webhook, processed=processed, settle=settle, only="acknowledged-is-processed")
    assert ("acknowledged-is-processed" in subtests_told.failed) is failed


def test_an_asgi_application_is_checked_too(checker: Flowsim, subtests_told: Recorder) -> None:
    webhook = Sound(CLIENT_ID, checker.key_host)
    checker.check(fastapi_app.create(webhook), processed=webhook.processed, only="identity")
    assert (subtests_told.failed, subtests_told.told["duplicate"]) == ({}, None)


def test_a_mistake_fails_its_subtest_with_all_there_is_to_say(
    checker: Flowsim, subtests_told: Recorder
) -> None:
    webhook = MISTAKES["lets-unsigned-in"](CLIENT_ID, checker.key_host)
    checker.check(app.create(webhook), only=["signature"], seed=7)
    lines = subtests_told.failed["unsigned"].splitlines()
    assert lines[0] == "unsigned: An event without signatures is refused."
    assert [line.split()[0] for line in lines[1:]] == [
        *("sent", "expected", "received", "why", "do", "again"),
    ]
    assert lines[-1] == "again    flowsim.check(…, only=['unsigned'], seed=7)"
    assert {*subtests_told.skipped} == {"batch-with-stranger"}, "for which nobody can be asked"


def test_checks_of_a_file_are_subtests_too(
    checker: Flowsim, subtests_told: Recorder, tmp_path: Path
) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(FAILED_IMPORT, encoding="utf-8")
    webhook = app.create(Sound(CLIENT_ID, checker.key_host))
    checker.check(webhook, only="failed-import", checks=[file])
    assert subtests_told.told == {"answers": None, "failed-import": None}
    checker.check(webhook, only="failed-import", checks=str(file))
    with pytest.raises(FlowsimError, match="expected a file with checks"):
        checker.check(webhook, checks=tmp_path / "missing.yaml")


def test_what_a_webhook_only_should_do_is_an_expected_failure_unless_that_is_strict(
    checker: Flowsim, subtests_told: Recorder
) -> None:
    webhook = MISTAKES["gives-up-at-garbage"](CLIENT_ID, checker.key_host)
    checker.check(app.create(webhook), only="one-key-garbage")
    (said,) = subtests_told.of(pytest.xfail.Exception).values()
    assert said.startswith("should: The other key is enough, if the key host answers with a page")
    checker.check(app.create(webhook), only="one-key-garbage", strict=True)
    assert [*subtests_told.failed] == ["one-key-garbage"]


def test_without_a_word_about_effects_nothing_about_them_is_passed(
    checker: Flowsim, subtests_told: Recorder
) -> None:
    webhook = Sound(CLIENT_ID, checker.key_host)
    findings = checker.check(app.create(webhook), only="duplicate", skip="signature")
    assert findings.idempotency == "not judged"
    assert subtests_told.skipped["duplicate"].startswith("not judged: processed= is needed to see")


def test_keys_may_be_looked_up_instead_of_fetched(
    checker: Flowsim, subtests_told: Recorder
) -> None:
    """Also while the checks have a key host of their own, whose faults are seen all the same."""

    class LooksUp(Sound):
        def open(self, url: str) -> bytes:
            try:
                return checker.public_key(url)
            except LookupError:
                raise KeyUnavailableError(url) from None

    webhook = LooksUp(CLIENT_ID, checker.key_host)
    checker.check(app.create(webhook), only="signature", processed=webhook.processed)
    assert (subtests_told.failed, subtests_told.skipped) == ({}, {})
    path = next(iter(checker.public_keys))
    assert requests.get(checker.key_host + path, timeout=10).status_code == 200


def test_what_an_application_raises_is_part_of_what_is_shown(
    checker: Flowsim, subtests_told: Recorder
) -> None:
    def raising(environ: object, start_response: object) -> list[bytes]:
        raise LookupError(f"no {type(environ)} {type(start_response)}")

    checker.check(raising, only="sound-event")
    assert "LookupError: no <class 'dict'> " in subtests_told.failed["sound-event"]


def test_what_an_application_says_and_raises_harms_no_terminal(
    checker: Flowsim, subtests_told: Recorder
) -> None:
    def hostile(_: object, start_response: Callable[..., object]) -> list[bytes]:
        if len(told) == 1:
            raise LookupError(HOSTILE)
        start_response("200 OK", [])
        return [HOSTILE.encode()]

    told = subtests_told.told
    checker.check(hostile, only=["sound-event", "unsigned", "one-key-garbage"])
    for each in told.values():
        assert_harmless(str(each))
    assert all(each in subtests_told.failed["unsigned"] for each in SHOWN)


def test_without_subtests_all_failures_are_one() -> None:
    with contextlib.closing(PublicKeys(keys_folder())) as keys:
        checker = Flowsim(Choices(path="/hook"), keys, on_check=lambda found: report(found, None))
        webhook = MISTAKES["verifies-nothing"](CLIENT_ID, checker.key_host)
        with pytest.raises(pytest.fail.Exception) as raised:
            checker.check(app.create(webhook), only=["tampered-body", "unsigned"])
        text = str(raised.value)
        assert text.startswith("tampered-body: A body that was changed after it was signed is")
        sound = Sound(CLIENT_ID, checker.key_host)
        assert checker.check(app.create(sound), only=["unsigned"]).ok


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"only": "unsigend"}, "no check or group 'unsigend'; expected unsigned"),
        ({"target": 1}, "no webhook answers at http://127.0.0.1:1/"),
        ({"processed": lambda _: 1}, "--processed says that an unsent event was processed"),
    ],
)
def test_what_cannot_be_checked_is_one_sentence(
    checker: Flowsim, subtests_told: Recorder, arguments: dict[str, object], said: str
) -> None:
    webhook = app.create(Sound(CLIENT_ID, checker.key_host))
    told = ""
    try:
        checker.check(**{"target": webhook, "only": "answers", **arguments})  # type: ignore[arg-type]
        told = "\n".join([*subtests_told.failed.values(), *subtests_told.skipped.values()])
    except FlowsimError as error:
        told = str(error)
    assert said in told


def late(then: Callable[[], int]) -> Callable[[str], int]:
    """Return a function that tells well of the event that nobody sent, and then does this."""
    asked: list[str] = []
    return lambda event_id: asked.append(event_id) or (0 if len(asked) == 1 else then())


def test_what_a_function_raises_on_the_way_is_seen_with_its_own_lines(
    checker: Flowsim, subtests_told: Recorder
) -> None:
    def broken() -> int:
        raise LookupError("no such table")

    webhook = app.create(Sound(CLIENT_ID, checker.key_host))
    with pytest.raises(LookupError, match="no such table") as raised:
        checker.check(webhook, processed=late(broken), only="duplicate")
    assert "broken" in [each.name for each in raised.traceback]
    assert subtests_told.told == {}


@pytest.mark.parametrize("has_subtests", [True, False])
def test_if_nobody_can_tell_what_was_processed_the_test_fails_below_its_subtests(
    keys: PublicKeys, subtests_told: Recorder, has_subtests: bool
) -> None:
    told = subtests_told if has_subtests else None
    checker = Flowsim(Choices(path="/hook"), keys, on_check=lambda found: report(found, told))
    webhook = app.create(Sound(CLIENT_ID, checker.key_host))
    with pytest.raises(pytest.fail.Exception, match="returned -1"):
        checker.check(webhook, processed=late(lambda: -1), only=["duplicate", "unsigned"])
    if has_subtests:
        assert subtests_told.told["unsigned"] is None
        assert subtests_told.skipped["duplicate"].startswith("not judged: processed= did not say")


def test_it_can_be_asked_for_again_and_again(checker: Flowsim) -> None:
    host = checker.key_host

    def check() -> bool:
        webhook = Sound(CLIENT_ID, checker.key_host)
        return checker.check(app.create(webhook), only="unsigned").ok

    assert check()
    assert check()
    assert checker.key_host == host


def test_ctrl_c_ends_the_waiting_and_the_keys_are_served_elsewhere(checker: Flowsim) -> None:
    host = checker.key_host

    def processed(_: str) -> int:
        raise KeyboardInterrupt

    webhook = Sound(CLIENT_ID, host)
    with pytest.raises(KeyboardInterrupt):
        checker.check(app.create(webhook), processed=processed, only="duplicate")
    path = next(iter(checker.public_keys))
    assert requests.get(checker.key_host + path, timeout=10).status_code == 200
