"""Texts of files with a user's own checks."""

from __future__ import annotations

from typing import Any

from flowsim.checks import catalogue
from flowsim.checks.groups import files

ABOUT = """
  level: must
  claim: A claim of our own.
  why: It matters.
  page: https://wiki.example.com/hooks
  advice: Do this.
"""


def of(rest: str, name: str = "our-check", group: str = "payload") -> str:
    """Return a file with one check, which says this beside what all of them say."""
    lines = "".join(f"  {line}\n" for line in rest.splitlines())
    return f"{name}:\n  group: {group}{ABOUT}{lines}"


FAILED_IMPORT = of("events: [{flow_run: {source: salesforce, status: failed}}]", "failed-import")


def shipped_check(name: str) -> dict[str, Any]:
    """Return a shipped check as a user's file would have it, with its group."""
    contents = ((each.group, catalogue.content_of(each)) for each in files())
    return next({**each[name], "group": group} for group, each in contents if name in each)
