"""Stages that have nothing to do for a kind are passed, and no others."""

from __future__ import annotations

from app.modules.imports.domain.pipeline import (
    IDLE_STAGES,
    LAST,
    LIGHT_KINDS,
    PIPELINE,
    STAGES,
    ItemKind,
    StageName,
    allowed_edges,
    passed_by,
)


def names_passed(stage: StageName, *kinds: ItemKind) -> list[StageName]:
    return [spec.name for spec in passed_by(STAGES[stage], kinds)]


def test_a_row_goes_from_preprocessing_straight_to_its_mapping() -> None:
    assert names_passed(StageName.PREPROCESS, ItemKind.ROW) == [StageName.OCR, StageName.CLASSIFY]


def test_a_file_that_states_its_values_is_not_read_by_its_picture() -> None:
    assert names_passed(StageName.PREPROCESS, ItemKind.STRUCTURED) == [StageName.OCR]


def test_together_they_pass_only_what_both_may() -> None:
    assert names_passed(StageName.PREPROCESS, ItemKind.ROW, ItemKind.STRUCTURED) == [StageName.OCR]


def test_pages_pass_nothing() -> None:
    assert all(not names_passed(spec.name, ItemKind.PAGED) for spec in PIPELINE)


def test_the_last_stage_is_passed_by_nobody() -> None:
    assert all(LAST.name not in idle for idle in IDLE_STAGES.values())


def test_every_way_past_idle_stages_is_an_allowed_change() -> None:
    for spec in PIPELINE[:-1]:
        for kind in LIGHT_KINDS:
            last = (spec, *passed_by(spec, [kind]))[-1]
            onward = PIPELINE[PIPELINE.index(last) + 1]
            assert (spec.running, onward.running) in allowed_edges()
