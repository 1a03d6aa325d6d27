"""Where things of the events service belong: an organisation, a project, a workspace."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Workspace:
    """The three ids of a Console project that stand in the paths of the API (6.1)."""

    org: str
    project: str
    workspace: str
