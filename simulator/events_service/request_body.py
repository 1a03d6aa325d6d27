"""What a caller sends, read into a model: every mistake at once, each with its field (6.1)."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from ..errors import ApiError

ModelT = TypeVar("ModelT", bound=BaseModel)

MOST_NAMED = 20
"""How many mistakes are named; the others are counted."""

MOST_LISTED = 5_000
"""If there are more, none is named: listing them takes a kilobyte of memory for each."""

_EXPECTED = {
    "missing": "a value",
    "string_type": "text",
    "string_unicode": "whole characters",
    "string_too_short": "at least {min_length} characters",
    "string_too_long": "at most {max_length} characters",
    "string_pattern_mismatch": "text like {pattern}",
    "bool_type": "true or false",
    "literal_error": "{expected}",
    "list_type": "a list",
    "too_short": "at least {min_length}",
    "too_long": "at most {max_length}",
    "dict_type": "an object",
    "model_type": "an object",
    "value_error": "{error}",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "greater_than_equal": "at least {ge:.15g}",
    "less_than_equal": "at most {le:.15g}",
    "extra_forbidden": "no member of this name",
}


class Body(BaseModel):
    """The base of all bodies: types are taken as they are, members nobody knows are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


def _truth(value: object) -> object:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


Truth = Annotated[bool, BeforeValidator(_truth)]
"""True or false, or the words for them in quotes, as Adobe's command line writes them (6.4)."""


def said(sentence: str) -> PydanticCustomError:
    """Return what a validator raises whose sentence says all: found, expected, and where."""
    return PydanticCustomError("said", "{sentence}", {"sentence": sentence})


def read(model: type[ModelT], content: object) -> ModelT:
    """Return the model of a request's JSON; raises ``ApiError`` 400 that names every mistake.

    A member that is null counts as absent where the model says so.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        if error.error_count() > MOST_LISTED:
            count = f"{error.error_count():,} mistakes"
            text = f"{count}, too many to name; fix what they have in common"
            raise ApiError(400, "Bad Request", text) from None
        raise refusal([_sentence(each) for each in error.errors()]) from None


def refusal(mistakes: list[str]) -> ApiError:
    """Return the error for sentences such as ``name: 'ab'; expected at least 3 characters``."""
    named = mistakes[:MOST_NAMED]
    more = len(mistakes) - len(named)
    text = ". ".join([*named, *([f"And {more} more mistakes"] if more else [])])
    return ApiError(400, "Bad Request", text)


def _sentence(detail: ErrorDetails) -> str:
    context: dict[str, Any] = detail.get("ctx", {})
    if detail["type"] == "said":
        return f"{_path(detail['loc'])}: {detail['msg']}"
    template = _EXPECTED.get(detail["type"])
    expected = template.format(**context) if template else detail["msg"]
    found = "nothing" if detail["type"] == "missing" else spell(detail["input"])
    return f"{_path(detail['loc'])}: {found}; expected {expected}"


def _path(steps: tuple[int | str, ...]) -> str:
    text = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in steps)
    return text.removeprefix(".") or "the body"


def spell(value: object) -> str:
    """Return a value as a mistake shows it: short, and printable whatever it holds."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else f"a list of {len(value)}"
    if value is None or isinstance(value, bool):
        return str({None: "null", True: "true", False: "false"}[value])
    try:
        text = repr(value)
    except ValueError:  # the interpreter does not spell numbers of more than 4,300 digits
        return "a number of thousands of digits"
    return text if len(text) <= 60 else f"{text[:59]}…"
