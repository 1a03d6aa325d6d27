"""What ``NO_PROXY`` names: the hosts that clients reach without the proxy. Pure.

Clients read it in different ways. An entry that leads one of them past the proxy to a host of
Adobe's is not passed on to any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase

from ..core import adobe_hosts


def passed_on(environment: Mapping[str, str]) -> list[str]:
    """Return the entries that lead to none of Adobe's hosts, as they are written."""
    return [entry for entry in _entries(environment) if not _leads_to_adobe(entry)]


def left_out(environment: Mapping[str, str]) -> list[str]:
    """Return the other entries."""
    return [entry for entry in _entries(environment) if _leads_to_adobe(entry)]


def _entries(environment: Mapping[str, str]) -> list[str]:
    stated = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    return list(filter(None, re.split(r"[,\s]+", stated)))


def _leads_to_adobe(entry: str) -> bool:
    """Tell whether any client takes an entry for one of Adobe's hosts.

    Most take ``adobe.io`` for every name below it too, and requests for every name that ends so.
    Java knows a star at either end. Some look at a port, some do not.
    """
    name = re.sub(r"^([^:]*):\d+$", r"\1", entry.lower()).rstrip(".")
    end = name.lstrip("*.")
    return any(host.endswith(end) or fnmatchcase(host, name) for host in adobe_hosts.ALL)
