"""What the database will never take, whoever tries it and however often: told apart from a database that is away."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import DataError, OperationalError

from app.modules.imports.adapters.postgres.work import store_work
from app.modules.imports.domain.outcome import Dead

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.database import Session
    from app.modules.imports.domain.outcome import Outcome
    from app.modules.imports.ports import Item, Slice

_PROGRAM_LIMIT: Final = "54"
"""Class of SQLSTATE: a value too large for its index, nested too deeply, too long
(https://www.postgresql.org/docs/current/errcodes-appendix.html).
"""


class Unstorable(Exception):
    """A value, not the database, is at fault. The detail holds nothing of the value."""


@contextmanager
def values_told_apart() -> Iterator[None]:
    """Raises ``Unstorable`` in the place of an error that is a value's fault."""
    try:
        yield
    except (DataError, UnicodeEncodeError) as error:  # half a surrogate pair never reaches the server
        raise Unstorable(_name(error)) from error
    except OperationalError as error:
        if is_of_a_value(error):
            raise Unstorable(_name(error)) from error
        raise


def is_of_a_value(error: OperationalError) -> bool:
    """Whether trying again is in vain."""
    return str(getattr(error.orig, "sqlstate", None) or "").startswith(_PROGRAM_LIMIT)


def storable_outcomes(session: Session, slice_: Slice, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes, with those that cannot be stored made final failures of their items alone."""
    return [_storable(session, slice_, item, o) for item, o in zip(slice_.items, outcomes, strict=True)]


def not_storable(error: Unstorable) -> Dead:
    """The outcome of an item whose work cannot be stored."""
    return Dead(code="value_not_storable", detail=str(error))


def _storable(session: Session, slice_: Slice, item: Item, outcome: Outcome) -> Outcome:
    try:
        with values_told_apart(), session.savepoint():
            store_work(session, slice_, [(item, outcome)])
    except Unstorable as error:
        return not_storable(error)
    return outcome


def _name(error: Exception) -> str:
    return type(getattr(error, "orig", None) or error).__name__
