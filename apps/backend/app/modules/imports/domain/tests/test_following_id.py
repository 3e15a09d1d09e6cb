"""Ids of parts follow on each other and on nothing else."""

from __future__ import annotations

from uuid import UUID

from app.modules.imports.domain.following_id import following_id

ORIGIN, OTHER = UUID(int=1), UUID(int=2)


def test_the_same_place_has_the_same_id() -> None:
    assert following_id(ORIGIN, 7) == following_id(ORIGIN, 7)


def test_ids_of_one_origin_stand_in_the_order_of_their_positions() -> None:
    ids = [following_id(ORIGIN, position) for position in (0, 1, 2, 1_000_000, 2**40 - 1)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)


def test_another_origin_has_other_ids() -> None:
    assert following_id(ORIGIN, 0) != following_id(OTHER, 0)
