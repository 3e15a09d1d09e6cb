"""Who gets which child, and when one is ended for another's sake."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest

from app import telemetry
from app.modules.imports.adapters.sandbox.places import Places

if TYPE_CHECKING:
    from app.modules.imports.adapters.sandbox.child_process import ChildProcess


@dataclass(eq=False)
class Child:
    """As much of one as a place needs."""

    owner: str | None


def child_of(owner: str | None) -> ChildProcess:
    return cast("ChildProcess", Child(owner))


def idle(places: Places, *owners: str | None) -> list[ChildProcess]:
    children = [child_of(owner) for owner in owners]
    for child in children:
        assert places.offer(child)
    return children


def taken(places: Places, owner: str | None) -> ChildProcess | None:
    """The child in the place that this owner is given."""
    return places.take(object(), owner).child


def waits() -> tuple[float, float]:
    """How often, and how long in all, a child was waited for, as the metrics tell it."""
    page = telemetry.render()[0].decode()
    times, seconds = (re.search(rf"imports_parser_wait_seconds_{what} (\S+)", page) for what in ("count", "sum"))
    assert times
    assert seconds
    return float(times[1]), float(seconds[1])


def test_its_own_child_comes_before_one_that_is_anybodys() -> None:
    places = Places(2)
    own, _ = idle(places, "a", None)
    assert taken(places, "a") is own


def test_one_that_is_anybodys_comes_before_a_new_one() -> None:
    places = Places(3)
    _, fresh = idle(places, "a", None)
    assert taken(places, "b") is fresh


@pytest.mark.parametrize("owner", ["b", None])
def test_another_owners_child_never_serves_and_is_kept_while_there_is_room(owner: str | None) -> None:
    places = Places(2)
    [other] = idle(places, "a")
    assert taken(places, owner) is None
    assert places.idle == [other]


def test_where_there_is_no_room_the_place_of_whoever_has_waited_longest_is_given_away() -> None:
    places = Places(2)
    first, second = idle(places, "a", "b")
    assert taken(places, "c") is first
    assert places.idle == [second]


def test_a_child_that_has_just_served_is_waited_for_rather_than_ended() -> None:
    places, turn = Places(1), object()
    [own] = idle(places, "a")
    assert places.take(turn, "a").child is own
    began = time.monotonic()
    threading.Timer(0.05, places.give_back, [turn]).start()
    assert taken(places, "b") is own
    assert time.monotonic() - began >= 0.09


def test_there_are_never_more_than_there_may_be() -> None:
    places, turn = Places(2), object()
    idle(places, "a")
    places.take(turn, "b")
    assert not places.offer(child_of(None))
    places.give_back(turn)
    assert places.offer(child_of(None))


def test_a_place_that_is_given_back_twice_is_free_once() -> None:
    places, turn = Places(2), object()
    places.take(turn, "a")
    places.take(object(), "b")
    places.give_back(turn)
    places.take(object(), "c")
    places.give_back(turn)
    assert not places.offer(child_of(None))


def test_a_place_that_nobody_gives_back_is_not_waited_for_without_end() -> None:
    places = Places(1, longest_wait=0.2)
    places.take(object(), "a")
    times, seconds = waits()
    with pytest.raises(TimeoutError):
        places.take(object(), "a")
    assert (waits()[0], waits()[1] - seconds >= 0.2) == (times + 1, True)


def test_who_waits_is_seen_in_the_metrics_and_who_does_not_is_not() -> None:
    places, turn = Places(1), object()
    times, seconds = waits()
    places.take(turn, "a")
    assert waits() == (times, seconds)
    threading.Timer(0.1, places.give_back, [turn]).start()
    places.take(object(), "a")
    assert (waits()[0], waits()[1] - seconds >= 0.05) == (times + 1, True)
