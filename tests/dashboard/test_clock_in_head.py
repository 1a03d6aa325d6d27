"""The clock in the head of every page: it follows one that is moved, and costs little."""

from __future__ import annotations

import pytest

from flowsim.events_service.local_service import LocalService

from ..cases import for_each
from ..events_service.running import advance
from .reading import PageReader
from .service_with_pages import ServiceWithPages

PAGES = ("/", "/registrations", "/registrations/new", "/events", "/scenarios", "/checks", "/clock")


@for_each("path", PAGES)
def test_each_page_asks_for_its_clock_and_gets_it_when_it_was_moved(
    reader: PageReader, local: LocalService, path: str
) -> None:
    asked = reader.page(path).one("p", id="clock").attributes["hx-get"]
    assert reader.get(asked).status_code == 204
    assert reader.get("/head/clock").status_code == 200
    advance(local, 26 * 3600)
    clock = reader.page(asked).one("p", id="clock")
    assert clock.attributes["data-now"] == reader.twin(asked)["now"]
    assert f"{local.clock.now():%Y-%m-%d %H:%M:%S}" in clock.text
    assert reader.get(clock.attributes["hx-get"]).status_code == 204


@pytest.mark.parametrize("kind", ["real", "60x"])
def test_a_clock_that_runs_gives_no_answer_until_another_service_starts(kind: str) -> None:
    """The page lets its clock run by itself."""
    asked = []
    for _ in range(2):
        with ServiceWithPages(clock=kind) as service, PageReader(service.local) as reader:
            asked.append(reader.page("/").one("p", id="clock").attributes["hx-get"])
            assert reader.get(asked[-1]).status_code == 204
            assert reader.get(asked[0]).status_code == (200 if len(asked) > 1 else 204)
