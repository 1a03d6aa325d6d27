"""What a caller sends: JSON read into a model, and JSON Patch (RFC 6902) of what is kept (6.1).

Every mistake is named at once, each with its field.
"""

from __future__ import annotations

import copy
import json
from typing import Annotated, Any, TypeVar

from jsonpatch import JsonPatch, JsonPatchException, JsonPointerException
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from ..errors import ApiError

ModelT = TypeVar("ModelT", bound=BaseModel)

MOST_NAMED = 20
"""How many mistakes are named; the others are counted."""

MOST_LISTED = 5_000
"""If there are more mistakes, none is named: each would take a kilobyte of memory."""

MOST_OPERATIONS = 200
"""How many operations a patch may have."""

MOST_CHARACTERS = 2**20
"""How long the document may become in between: a few dozen copies can make gigabytes."""

MOST_COPIED = 16 * MOST_CHARACTERS
"""Sum of the lengths after each copy, at most: copying takes time."""

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
    """The base of all bodies: values are not converted, unknown members are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


def _truth(value: object) -> object:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


Truth = Annotated[bool, BeforeValidator(_truth)]
"""True or false, or the words for them in quotes, as Adobe's command line writes them (6.4)."""


def mistake(sentence: str) -> PydanticCustomError:
    """Return the error of a validator; the sentence names what was found and expected."""
    return PydanticCustomError("mistake", "{sentence}", {"sentence": sentence})


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
    if detail["type"] == "mistake":
        return f"{_path(detail['loc'])}: {detail['msg']}"
    template = _EXPECTED.get(detail["type"])
    expected = template.format(**context) if template else detail["msg"]
    found = "nothing" if detail["type"] == "missing" else spell(detail["input"])
    return f"{_path(detail['loc'])}: {found}; expected {expected}"


def _path(steps: tuple[int | str, ...]) -> str:
    text = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in steps)
    return text.removeprefix(".") or "the body"


def spell(value: object) -> str:
    """Return a value as messages show it: short and printable."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else f"a list of {len(value)}"
    if value is None or isinstance(value, bool):
        return str({None: "null", True: "true", False: "false"}[value])
    try:
        text = repr(value)
    except ValueError:  # Python does not write integers of more than 4,300 digits
        return "a number of thousands of digits"
    return text if len(text) <= 60 else f"{text[:59]}…"


def apply_patch(document: Any, operations: object) -> Any:
    """Return a patched copy of a document; raises ``ApiError`` 400 for what cannot be applied.

    All operations are applied, or none.
    """
    if not isinstance(operations, list):
        raise refusal([f"the body is {spell(operations)}; expected a list of operations"])
    if len(operations) > MOST_OPERATIONS:
        raise refusal([f"{len(operations)} operations; expected at most {MOST_OPERATIONS}"])
    patched = copy.deepcopy(document)
    copied = 0
    for number, operation in enumerate(operations):
        try:
            patched = JsonPatch([operation]).apply(patched, in_place=True)
            copied += _size_after_copy(patched, operation)
            if copied > MOST_COPIED:
                raise JsonPatchException("the patch copies too much")
        except (JsonPatchException, JsonPointerException, TypeError, RecursionError) as error:
            text = " ".join(str(error).split())[:200]
            raise refusal([f"operation {number} cannot be applied: {text}"]) from None
    return patched


def patched_body(model: type[ModelT], kept: object, operations: object) -> ModelT:
    """Return the patched model of a stored value; ``kept`` has the model's fields.

    Raises ``ApiError`` 400 as ``apply_patch`` and ``read`` do, and for
    members that the model does not have.
    """
    document = {name: getattr(kept, name) for name in model.model_fields}
    changed = apply_patch(document, operations)
    body = read(model, changed)
    unknown = [name for name in changed if name not in document]
    if unknown:
        raise refusal([f"{spell(name)} cannot be changed" for name in unknown])
    return body


def _size_after_copy(document: Any, operation: Any) -> int:
    """Return the length of a document after a ``copy``, and 0 after other operations."""
    size = len(json.dumps(document)) if operation["op"] == "copy" else 0
    if size > MOST_CHARACTERS:
        raise JsonPatchException("the document becomes too large")
    return size
