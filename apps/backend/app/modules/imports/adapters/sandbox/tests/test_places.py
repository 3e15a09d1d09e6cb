"""Who gets which child, and when one is ended for another's sake."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest

from app.modules.imports.adapters.sandbox.places import Places

if TYPE_CHECKING:
    from app.modules.imports.adapters.sandbox.child_process import ChildProcess


@dataclass(eq=False)
class Child:
    """As much of one as a place needs."""

    owner: str | None
    ended: bool = False

    def kill(self) -> None:
        self.ended = True


def child_of(owner: str | None) -> ChildProcess:
    return cast("ChildProcess", Child(owner))


def ended(child: ChildProcess | None) -> bool:
    return cast("Child", child).ended


def idle(places: Places, *owners: str | None) -> list[ChildProcess]:
    children = [child_of(owner) for owner in owners]
    for child in children:
        assert places.offer(child)
    return children


def test_its_own_child_comes_before_one_that_is_anybodys() -> None:
    places = Places(2)
    own, _ = idle(places, "a", None)
    assert places.take("a") is own


def test_one_that_is_anybodys_comes_before_a_new_one() -> None:
    places = Places(3)
    _, fresh = idle(places, "a", None)
    assert places.take("b") is fresh


@pytest.mark.parametrize("owner", ["b", None])
def test_another_owners_child_never_serves_and_is_kept_while_there_is_room(owner: str | None) -> None:
    places = Places(2)
    [other] = idle(places, "a")
    assert places.take(owner) is None
    assert not ended(other)


def test_where_there_is_no_room_whoever_has_waited_longest_is_ended() -> None:
    places = Places(2)
    first, second = idle(places, "a", "b")
    assert places.take("c") is None
    assert (ended(first), ended(second)) == (True, False)


def test_a_child_that_has_just_served_is_waited_for_rather_than_ended() -> None:
    places = Places(1)
    idle(places, "a")
    own = places.take("a")
    began = time.monotonic()
    threading.Timer(0.05, places.give_back, [own]).start()
    assert places.take("b") is None
    assert time.monotonic() - began >= 0.09
    assert ended(own)


def test_there_are_never_more_than_there_may_be() -> None:
    places = Places(2)
    idle(places, "a")
    assert places.take("b") is None
    assert not places.offer(child_of(None))
    places.give_back(None)
    assert places.offer(child_of(None))
