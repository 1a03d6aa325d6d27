"""Texts of files with a user's own checks."""

from __future__ import annotations

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
