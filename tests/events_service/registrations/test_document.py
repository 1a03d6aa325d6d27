"""Pages of a list, and the links between them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.errors import ApiError
from flowsim.events_service.registrations.document import RegistrationPage

from ...cases import for_each


def test_without_a_query_the_first_ten_are_listed() -> None:
    assert RegistrationPage.read(None, None, 25) == RegistrationPage(0, 10, 25)


@for_each(
    ("page", "described"),
    [
        (RegistrationPage(0, 10, 25), (10, 0, 10, 25, 3)),
        (RegistrationPage(2, 10, 25), (10, 2, 5, 25, 3)),
        (RegistrationPage(1, 5, 10), (5, 1, 5, 10, 2)),
        (RegistrationPage(0, 10, 0), (10, 0, 0, 0, 0)),
    ],
)
def test_a_page_prints_its_size_and_the_totals(
    page: RegistrationPage, described: tuple[int, ...]
) -> None:
    names = "size", "number", "numberOfElements", "totalElements", "totalPages"
    assert page.describe() == dict(zip(names, described, strict=True))


@for_each(
    ("page", "numbers"),
    [
        (RegistrationPage(0, 2, 5), {"first": 0, "self": 0, "next": 1, "last": 2}),
        (RegistrationPage(1, 2, 5), {"first": 0, "prev": 0, "self": 1, "next": 2, "last": 2}),
        (RegistrationPage(2, 2, 5), {"first": 0, "prev": 1, "self": 2, "last": 2}),
        (RegistrationPage(0, 2, 0), {"first": 0, "self": 0, "last": 0}),
    ],
)
def test_links_lead_to_pages_that_exist(page: RegistrationPage, numbers: dict[str, int]) -> None:
    assert page.links("/list") == {
        rel: {"href": f"/list?page={number}&size=2"} for rel, number in numbers.items()
    }


@for_each(
    ("number", "size", "mistake"),
    [
        ("3", None, "page: '3'; expected a number from 0 to 2"),
        ("-1", None, "page: '-1'; expected a number from 0 to 2"),
        ("one", None, "page: 'one'; expected a number from 0 to 2"),
        ("", None, "page: ''; expected a number from 0 to 2"),
        ("٣", None, "page: '٣'; expected a number from 0 to 2"),
        ("9" * 5000, None, "expected a number from 0 to 2"),
        (None, "0", "size: '0'; expected a number from 1 to 100"),
        (None, "101", "size: '101'; expected a number from 1 to 100"),
        (None, "1.5", "size: '1.5'; expected a number from 1 to 100"),
    ],
)
def test_a_page_that_does_not_exist_is_refused(
    number: str | None, size: str | None, mistake: str
) -> None:
    with pytest.raises(ApiError, match=mistake) as error:
        RegistrationPage.read(number, size, 25)
    assert error.value.status_code == 400


def test_both_mistakes_are_named_at_once() -> None:
    with pytest.raises(ApiError, match=r"^size: 'b'.*\. page: 'a'"):
        RegistrationPage.read("a", "b", 25)


@given(st.text() | st.integers().map(str), st.text() | st.integers().map(str), st.integers(0, 999))
def test_any_query_is_a_page_of_the_list_or_refused(number: str, size: str, total: int) -> None:
    with contextlib.suppress(ApiError):
        page = RegistrationPage.read(number, size, total)
        assert 0 <= page.offset <= max(0, total - 1)
        assert 0 <= page.describe()["numberOfElements"] <= page.size
