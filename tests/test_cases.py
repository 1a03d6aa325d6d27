"""Tests of many cases call each of them, and name the one that fails."""

from __future__ import annotations

import inspect

import pytest

from .cases import for_each


def test_each_case_is_tried_and_fixtures_are_handed_on() -> None:
    tried = list[tuple[str, int, bool]]()

    @for_each("name, number", [("a", 1), ("b", 2)])
    @for_each("flag", [True, False])
    def test(name: str, number: int, flag: bool, known: list[tuple[str, int, bool]]) -> None:
        known.append((name, number, flag))

    assert [*inspect.signature(test).parameters] == ["known"]
    test(known=tried)
    assert tried == [("a", 1, True), ("a", 1, False), ("b", 2, True), ("b", 2, False)]


@pytest.mark.parametrize("fail", [pytest.fail, AssertionError])
def test_an_error_names_its_case(fail: type[BaseException]) -> None:
    @for_each("word", ["good", "bad", "worse"])
    def test(word: str) -> None:
        if word != "good":
            raise fail("wrong") if fail is AssertionError else pytest.fail.Exception("wrong")

    with pytest.raises((AssertionError, pytest.fail.Exception)) as caught:
        test()
    assert caught.value.__notes__ == ["the case is {'word': 'bad'}"]


def test_without_a_case_there_is_no_test() -> None:
    with pytest.raises(AssertionError):
        for_each("word", [])
