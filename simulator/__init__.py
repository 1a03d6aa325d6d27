"""flowsim: sends notifications of Adobe Experience Platform to your webhook.

The names of ``__all__`` are for programs, and docs/python.md explains them. Each is imported
when it is first used, so that ``import flowsim`` stays fast. All other modules may move.
"""

from __future__ import annotations

from .runtime.version import __version__

TYPE_CHECKING = False  # typing itself would take longer to import than all else here
if TYPE_CHECKING:
    from .checks.findings import Findings
    from .core.event import Event
    from .core.payload import Payload
    from .errors import FlowsimError, SignatureError
    from .story.story import Story
    from .testing.flowsim import Flowsim
    from .testing.public_keys import sign, verify
    from .testing.receiver import Receiver
    from .testing.report import ReplayReport
    from .testing.service import EventsService
    from .testing.stories import open_story

__all__ = [
    "Event",
    "EventsService",
    "Findings",
    "Flowsim",
    "FlowsimError",
    "Payload",
    "Receiver",
    "ReplayReport",
    "SignatureError",
    "Story",
    "__version__",
    "open_story",
    "sign",
    "verify",
]

_MODULES = {
    "checks.findings": ["Findings"],
    "core.event": ["Event"],
    "core.payload": ["Payload"],
    "errors": ["FlowsimError", "SignatureError"],
    "story.story": ["Story"],
    "testing.flowsim": ["Flowsim"],
    "testing.public_keys": ["sign", "verify"],
    "testing.receiver": ["Receiver"],
    "testing.report": ["ReplayReport"],
    "testing.service": ["EventsService"],
    "testing.stories": ["open_story"],
}
"""Module and its public names; the imports for type checkers above say the same."""


if not TYPE_CHECKING:  # a type checker would take it for any name

    def __getattr__(name: str) -> object:
        for module, names in _MODULES.items():
            if name in names:
                from importlib import import_module

                found = globals()[name] = getattr(import_module(f".{module}", __name__), name)
                return found
        from difflib import get_close_matches

        near = ", ".join(get_close_matches(name, __all__)) or "one of flowsim.__all__"
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; expected {near}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
