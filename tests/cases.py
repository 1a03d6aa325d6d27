"""Many small cases in one test: workers collect it once, and report it once."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

Test = Callable[..., None]

LONGEST = 300
"""How many characters of a case an error shows."""


def one_in(number: int, cases: Iterable[Any]) -> list[Any]:
    """Return cases for ``parametrize``: of ``number`` cases ``make test`` tries the first.

    ``make test-slow`` tries all others.
    """
    return [
        pytest.param(each, marks=[pytest.mark.slow] if index % number else [])
        for index, each in enumerate(cases)
    ]


def some_of(number: int, cases: Sequence[Any]) -> list[Any]:
    """Return lists of cases for ``parametrize``: of ``number`` cases ``make test`` has the first.

    ``make test-slow`` has all. That suits cases that are quick, but too many.
    """
    return [
        pytest.param([*cases[::number]], id="some"),
        pytest.param([*cases], id="all", marks=pytest.mark.slow),
    ]


def for_each(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Test], Test]:
    """Call a test with each case, as one test; an error names its case.

    The arguments are those of ``pytest.mark.parametrize``. That suits cases that take long, or
    that need fixtures of their own: here all cases of a test share its fixtures.
    """
    wanted = [each.strip() for each in names.split(",")] if isinstance(names, str) else [*names]
    given = [dict(zip(wanted, each if len(wanted) > 1 else [each], strict=True)) for each in cases]
    assert given, "there is no case"

    def decorated(test: Test) -> Test:
        @functools.wraps(test)
        def run(**fixtures: Any) -> None:
            for case in given:
                try:
                    test(**fixtures, **case)
                except BaseException as error:
                    error.add_note(f"the case is {case!r:.{LONGEST}}")
                    raise

        signature = inspect.signature(test)
        others = [each for name, each in signature.parameters.items() if name not in wanted]
        run.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        return run

    return decorated
