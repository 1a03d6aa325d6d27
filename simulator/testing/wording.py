"""Messages for programs: options of the command line are replaced by arguments, or left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import wraps
from inspect import iscoroutinefunction, signature
from typing import Any, ParamSpec, TypeVar, cast

from ..core.causes import ANY_CERTIFICATE
from ..errors import FlowsimError, Problem, ScenarioError
from ..events_service.filters.bodies import AS_CLOUD_EVENTS

P = ParamSpec("P")
R = TypeVar("R")

_FAMILIES = "--families DIR"

_IN_PYTHON = {
    f", or {ANY_CERTIFICATE}": "",
    f", {ANY_CERTIFICATE}": "",
    f"; {ANY_CERTIFICATE}": "",
    "--cacert FILE": "SSL_CERT_FILE=FILE in the environment",
    "--keys is": "source= is",
    "--keys ": "source=",
    "as --ignores says": "as ignores= says",
    "--ignores ": "ignores=",
    "--set ": "set ",
    "--seed ": "seed=",
    "--client-id ": "client_id=",
    "--format ": "delivery_format=",
    "--at ": "at=",
    "; --all takes every POST": "",
    "start flowsim up with --clock manual": "open the service with clock='manual'",
    "flowsim replay and show take --target ": "replay takes target=",
    f"flowsim events {_FAMILIES}": f"flowsim events {_FAMILIES}",
    _FAMILIES: "families=DIR",
    f"add {AS_CLOUD_EVENTS}": "call deliver_as('cloud_events') of the service first",
}
"""Text of messages → its replacement; a longer text stands before its parts."""

_ARGUMENTS = {
    "--checks": "checks=",
    "--client-id": "client_id=",
    "--event": "event=",
    "--families": "families=",
    "--format": "delivery_format=",
    "--ignores": "ignores=",
    "--only": "only=",
    "--processed": "processed=",
    "--processed-command": "processed=",
    "--require-judged": "require_judged=True",
    "--restart": "restart=",
    "--seed": "seed=",
    "--settle": "settle=",
    "--skip": "skip=",
    "--state": "state=",
    "--state-command": "state=",
    "--strict": "strict=True",
    "--thorough": "thorough=True",
    "--time-limit": "time_limit=",
    "--wait": "wait=",
}
"""Option of ``flowsim check`` → the argument of Python."""

_COMMAND = "`flowsim [^`]*`"
"""A command in a message: it keeps its options."""

_TEXT = "|".join(map(re.escape, _IN_PYTHON))
_OPTION = r"(--[a-z][a-z-]*)(?: (?=https?:))?"
"""An option, with the space before an address as its value."""

_WORDS = re.compile(f"{_COMMAND}|{_TEXT}|{_OPTION}")


def in_python(text: str) -> str:
    """Return a message with arguments of Python in the place of options."""
    return _WORDS.sub(_word, text)


def _word(found: re.Match[str]) -> str:
    text, option = found[0], found[1]
    return _ARGUMENTS.get(option, text) if option else _IN_PYTHON.get(text, text)


def for_programs(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function raise errors whose messages name arguments, and no option.

    Their tracebacks have no lines of flowsim, so in pytest they end at the call. The function may
    be a coroutine function.
    """
    if iscoroutinefunction(function):
        return cast("Callable[P, R]", _awaited_for_programs(function))

    @wraps(function)
    def called(*arguments: P.args, **named: P.kwargs) -> R:
        __tracebackhide__ = True
        try:
            return function(*arguments, **named)
        except FlowsimError as error:
            raise _worded(error) from None

    return called


def _awaited_for_programs(
    function: Callable[P, Coroutine[Any, Any, R]],
) -> Callable[P, Coroutine[Any, Any, R]]:
    @wraps(function)
    async def called(*arguments: P.args, **named: P.kwargs) -> R:
        __tracebackhide__ = True
        try:
            return await function(*arguments, **named)
        except FlowsimError as error:
            raise _worded(error) from None

    return called


def taking(other: Callable[P, object]) -> Callable[[Callable[..., R]], Callable[P, R]]:
    """Give a function the parameters of another one, in its signature and for type checkers.

    Other arguments raise ``TypeError``, when it is called.
    """
    parameters = signature(other)

    def decorate(function: Callable[..., R]) -> Callable[P, R]:
        @wraps(function)
        def called(*arguments: P.args, **named: P.kwargs) -> R:
            __tracebackhide__ = True
            parameters.bind(*arguments, **named)  # before another name is in the message
            return function(*arguments, **named)

        returned = signature(function).return_annotation
        vars(called)["__signature__"] = parameters.replace(return_annotation=returned)
        return called

    return decorate


def _worded(error: FlowsimError) -> FlowsimError:
    """Return an error with its message for programs, and without its traceback."""
    if isinstance(error, ScenarioError):
        return ScenarioError([*map(_problem, error.problems)])
    error.args = tuple(in_python(each) if isinstance(each, str) else each for each in error.args)
    return error.with_traceback(None)


def _problem(problem: Problem) -> Problem:
    near = problem.nearest
    return replace(
        problem,
        found=in_python(problem.found),
        expected=in_python(problem.expected),
        nearest=near and replace(near, otherwise=in_python(near.otherwise)),
    )
