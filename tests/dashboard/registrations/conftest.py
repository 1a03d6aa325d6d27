"""A service that runs with its pages, and a visitor that has the token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ..service_with_pages import ServiceWithPages
from .visiting import Visitor


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with ServiceWithPages() as up:
        yield Visitor(up).enter()
