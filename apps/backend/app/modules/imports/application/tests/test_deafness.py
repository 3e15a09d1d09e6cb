"""Deaf, busy or idle: told apart by what is taken of the work that waits."""

from __future__ import annotations

from app.modules.imports.application.deafness import Deafness, Look, Waiting

STARTED = {"ocr": -100.0}


def looks(deafness: Deafness, *seen: Look) -> list[list[str]]:
    return [deafness.silent(each, STARTED) for each in seen]


def waiting(at: float, due: int, oldest_at: float, *held: str) -> Look:
    return Look(at, {"ocr": Waiting(due=due, oldest_at=oldest_at)}, frozenset(held))


def test_a_worker_that_takes_nothing_of_what_is_due_is_silent_after_the_limit() -> None:
    seen = [waiting(at, 5, 0.0) for at in (0.0, 4.0, 8.0, 11.0)]
    assert looks(Deafness(10), *seen) == [[], [], [], ["ocr"]]


def test_a_worker_without_work_is_not_silent() -> None:
    assert looks(Deafness(10), *(Look(float(at), {}) for at in range(0, 60, 5))) == [[]] * 12


def test_a_worker_with_a_long_slice_in_hand_is_not_silent() -> None:
    assert looks(Deafness(10), *(waiting(at, 5, 0.0, "ocr") for at in (0.0, 20.0, 40.0))) == [[]] * 3


def test_a_worker_behind_a_growing_queue_is_not_silent_as_long_as_the_oldest_goes() -> None:
    assert looks(Deafness(10), *(waiting(at, 5 + int(at), at / 2) for at in (0.0, 8.0, 16.0, 24.0))) == [[]] * 4


def test_a_worker_in_a_heap_of_one_age_is_not_silent_as_long_as_it_shrinks() -> None:
    assert looks(Deafness(10), *(waiting(at, 1000 - int(at), 0.0) for at in (0.0, 8.0, 16.0, 24.0))) == [[]] * 4


def test_work_that_grows_and_is_not_taken_is_silence() -> None:
    assert looks(Deafness(10), *(waiting(at, 5 + int(at), 0.0) for at in (0.0, 8.0, 16.0)))[-1] == ["ocr"]


def test_a_worker_that_was_just_started_has_time_to_come_up() -> None:
    deafness = Deafness(10)
    found = [deafness.silent(waiting(float(at), 5, 0.0), {"ocr": 0.0}) for at in range(0, 40, 4)]
    assert [bool(each) for each in found] == [False] * 8 + [True] * 2
