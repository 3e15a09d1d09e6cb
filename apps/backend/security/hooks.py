"""What schemathesis must know of this API: loaded by it through SCHEMATHESIS_HOOKS, configured by environment."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import schemathesis
from schemathesis.openapi.checks import RejectedPositiveData

if TYPE_CHECKING:
    from schemathesis.core.failures import Failure

OWN_KEYS: Final = "ATTACK_OWN_KEYS"
"""Ids of the keys that the attack itself uses, comma-separated: revoked, they would end it."""
FOREIGN: Final = "ATTACK_FOREIGN"
"""Ids of another tenant, comma-separated: nothing about them may be answered with success."""

_OF_FORM: Final = "request_invalid"


@schemathesis.hook
def filter_failure(context: Any, failure: Failure, case: Any, response: Any) -> bool:  # noqa: ANN401, ARG001  (its types)
    """A schema states the form of a request. That a well-formed one makes no sense here and now (a cursor that was
    never given, a key used before, a mapping without a target) is no breach of it, and has a code of its own.
    """
    return not isinstance(failure, RejectedPositiveData) or _code(response) == _OF_FORM


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:  # noqa: ANN401, ARG001  (its types)
    """Keep the attack's own keys alive."""
    if case.path_parameters and case.path_parameters.get("key_id") in os.environ.get(OWN_KEYS, "").split(","):
        case.path_parameters["key_id"] = str(uuid4())


@schemathesis.check
def nothing_of_another_tenant(ctx: Any, response: Any, case: Any) -> None:  # noqa: ANN401, ARG001  (its types)
    """Another tenant's ids answer like ids of nothing."""
    foreign = set(os.environ.get(FOREIGN, "").split(",")) - {""}
    used = {str(value) for value in (case.path_parameters or {}).values()}
    if foreign & used:
        assert response.status_code >= 400, f"{response.status_code} about another tenant's {foreign & used}"  # noqa: PLR2004  (HTTP's own)
    shown = foreign & {identifier for identifier in foreign if identifier in response.text} - used
    assert not shown, f"another tenant's {shown} in the answer"


def _code(response: Any) -> str:  # noqa: ANN401  (its type)
    try:
        return str(json.loads(response.text).get("code", ""))
    except (ValueError, AttributeError):
        return ""
