"""What a reviewer entered, laid over what was read. The reading itself is never overwritten in the store."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from app.modules.imports.domain.canonical import Proof

if TYPE_CHECKING:
    from collections.abc import Mapping


def corrected(document: Mapping[str, Any], corrections: Mapping[str, Any]) -> dict[str, Any]:
    """The canonical JSON with each correction at its path (dots, list positions as numbers), marked as a person's.

    A value of None removes the field. Raises ValueError for a path that leads nowhere.
    """
    result = copy.deepcopy(dict(document))
    evidence = result.setdefault("evidence", {})
    for path, value in corrections.items():
        _set(result, path.split("."), value)
        evidence[path] = {
            **_place(evidence.get(path)), "source": "person", "text": str(value), "proofs": [Proof.PERSON.value]
        }  # fmt: skip
    return result


def _place(known: Any) -> dict[str, Any]:  # noqa: ANN401  (JSON)
    """Where on a page the value was read: a person who corrects it still looks there."""
    return {key: known[key] for key in ("page", "box") if key in known} if isinstance(known, dict) else {}


def _set(node: Any, path: list[str], value: Any) -> None:  # noqa: ANN401  (JSON)
    key, *rest = path
    if isinstance(node, list):
        if not key.isdigit() or int(key) >= len(node):
            msg = f"there is no element {key}"
            raise ValueError(msg)
        _set_in(node, int(key), rest, value)
    elif isinstance(node, dict) and key and key != "evidence":
        if rest and key not in node:
            node[key] = {}
        _set_in(node, key, rest, value)
    else:
        msg = f"no field {key!r} can be set here"
        raise ValueError(msg)


def _set_in(node: Any, key: Any, rest: list[str], value: Any) -> None:  # noqa: ANN401
    if rest:
        _set(node[key], rest, value)
    elif value is None:
        node.pop(key) if isinstance(node, list) else node.pop(key, None)
    else:
        node[key] = value
