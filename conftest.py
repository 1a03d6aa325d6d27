"""Keeps pytest of another project out of this folder, where it is a part of that project.

The tests here would be collected beside that project's own, as a second package ``tests``. So
their fixtures are in no ``conftest.py`` of that package: pytest reads one before it asks.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

_HERE = Path(__file__).parent.resolve()


def pytest_configure(config: pytest.Config) -> None:
    """Add what the tests of this project share."""
    if _is_ours(config):
        if str(_HERE) not in sys.path:
            sys.path.insert(0, str(_HERE))
        from tests import fixtures

        config.pluginmanager.register(fixtures)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Return how many processes run tests: two more than processors, as many tests wait."""
    if not _is_ours(config):
        return None
    from flowsim.delivery.signers import processors

    return processors() + 2


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Collect nothing, unless pytest was started for this project and no other."""
    return None if _is_ours(config) else True


def _is_ours(config: pytest.Config) -> bool:
    """Tell whether this is the root, which it also is beside folders without settings."""
    if config.rootpath.resolve() != _HERE:
        return False
    base = config.invocation_params.dir
    places = [(base / each.partition("::")[0]).resolve() for each in config.args]
    return all(place.is_relative_to(_HERE) for place in places)
