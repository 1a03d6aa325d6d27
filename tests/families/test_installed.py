"""Families of installed packages: what is wrong with one does not stop the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flowsim.families import installed, sources
from flowsim.families.registry import Families

from .own import DATA, IN_PYTHON, install

ORDER = (DATA / "order.yaml").read_text()
PYTHON = (
    IN_PYTHON
    + """
class Bare(Fine):
    provider, codes = None, {"bare.thing": 7}

class Taken(Fine):
    name = "segment_job"

FINE, BARE, TAKEN = Fine(), Bare(), Taken()
"""
)
MODULES = {
    "shop/__init__.py": "",
    "shop/order.yaml": ORDER,
    "shop/two_words.yml": ORDER,
    "shop/Two words.yaml": ORDER,
    "shop/faults.yaml": ORDER,
    "shop/audit_event.yaml": ORDER,
    "shop/broken.yaml": "label: 1",
    "empty/__init__.py": "",
    "things.py": PYTHON,
    "ends.py": "raise SystemExit(3)",
    "fails.py": "1 / 0",
    "unreadable.py": "def (",
}
POINTS = (
    *("shop = shop", "empty = empty", "fine = things:FINE", "bare = things:BARE"),
    *("taken = things:TAKEN", "class = things:Fine", "gone = things:GONE", "ends = ends"),
    *("fails = fails", "unreadable = unreadable", "missing = missing", "flow_run = missing"),
)


@pytest.fixture
def families(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Families]:
    install(tmp_path, "strange_families", MODULES, POINTS)
    monkeypatch.syspath_prepend(tmp_path)
    installed.installed_loaders.cache_clear()
    yield Families(sources.shipped_loaders(), installed.installed_loaders)
    installed.installed_loaders.cache_clear()


def test_each_package_that_cannot_be_used_is_a_mistake_of_its_own(families: Families) -> None:
    readable, problems = families.readable()
    added = {each.name for each in readable} - {*sources.shipped_loaders()}
    assert added == {"order", "two_words", "fine"}
    said = "\n".join(map(str, problems))
    for expected in (
        "bare: things:BARE: a family that does not say what it is; expected provider as a",
        "class: things:Fine: neither a family nor a package with YAML files",
        "empty: empty: neither a family nor a package with YAML files",
        "ends: ends: cannot be imported (SystemExit(3))",
        "fails: fails: cannot be imported (ZeroDivisionError",
        "flow_run: missing: cannot be imported (ModuleNotFoundError",
        "gone: things:GONE: cannot be imported (AttributeError",
        "missing: missing: cannot be imported (ModuleNotFoundError",
        "shop: shop: Two words cannot name a family",
        "shop: shop: faults cannot name a family",
        "shop: shop: there is a family audit_event",
        "taken: things:TAKEN: there is a family segment_job",
        "unreadable: unreadable: cannot be imported (SyntaxError",
        "broken.yaml:1:1: nothing; expected the key summary",
    ):
        assert expected in said


def test_shipped_families_are_found_without_a_search_for_packages(
    families: Families, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise AssertionError("looked for packages")

    monkeypatch.setattr(installed, "entry_points", refuse)
    assert families["flow_run"].name == "flow_run"
    assert "segment_job" in families
