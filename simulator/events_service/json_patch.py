"""JSON Patch (RFC 6902): how PATCH changes what is kept (6.1)."""

from __future__ import annotations

import copy
import json
from typing import Any

from jsonpatch import JsonPatch, JsonPatchException, JsonPointerException

from ..errors import ApiError
from .request_body import ModelT, read, refusal, spell

MOST_OPERATIONS = 200
"""How many operations a patch may have."""

MOST_CHARACTERS = 2**20
"""How long the document may become on the way: a few dozen copies are soon gigabytes."""

MOST_COPIED = 16 * MOST_CHARACTERS
"""How long the documents after all copies may be together: each takes time to copy."""


def apply(document: Any, operations: object) -> Any:
    """Return a patched copy of a document; raises ``ApiError`` 400 for what cannot be applied.

    All operations are applied, or none.
    """
    if not isinstance(operations, list):
        raise _refusal(f"the body is {spell(operations)}; expected a list of operations")
    if len(operations) > MOST_OPERATIONS:
        raise _refusal(f"{len(operations)} operations; expected at most {MOST_OPERATIONS}")
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
            raise _refusal(f"operation {number} cannot be applied: {text}") from None
    return patched


def patched(model: type[ModelT], kept: object, operations: object) -> ModelT:
    """Return the model of what is kept, patched; ``kept`` has the model's fields.

    Raises ``ApiError`` 400 as ``apply`` and ``read`` do, and for members the model has not.
    """
    document = {name: getattr(kept, name) for name in model.model_fields}
    changed = apply(document, operations)
    body = read(model, changed)
    unknown = [name for name in changed if name not in document]
    if unknown:
        raise refusal([f"{spell(name)} cannot be changed" for name in unknown])
    return body


def _size_after_copy(document: Any, operation: Any) -> int:
    """Return the length of a document where it may have multiplied, and 0 elsewhere."""
    size = len(json.dumps(document)) if operation["op"] == "copy" else 0
    if size > MOST_CHARACTERS:
        raise JsonPatchException("the document becomes too large")
    return size


def _refusal(message: str) -> ApiError:
    return ApiError(400, "Bad Request", message)
