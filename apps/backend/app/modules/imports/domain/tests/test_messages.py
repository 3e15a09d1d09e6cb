"""The catalogue answers whatever it is asked."""

from __future__ import annotations

import pytest

from app.modules.imports.domain.messages import LANGUAGES, catalogue, message

# fmt: off
ERRORS = [
    "duplicate_file", "duplicate_suspect", "duplicate_other_total", "malware_detected", "av_unavailable",
    "file_too_large", "empty_file", "unsupported_format", "type_mismatch", "pdf_encrypted",
    "pdf_unreadable", "pdf_no_pages", "too_many_pages", "image_unreadable", "image_too_large",
    "xml_doctype", "xml_unreadable", "archive_encrypted", "archive_bomb", "archive_nesting",
    "table_unreadable", "mapping_needed", "ambiguous_number", "ambiguous_date", "row_invalid",
    "total_unproven", "date_unproven", "supplier_unproven", "number_unproven", "doc_type_unsure",
    "not_an_invoice", "time_limit", "attempts_exhausted", "resource", "blob_missing",
    "blob_corrupt", "publish_conflict", "unexpected_error", "schema_invalid", "truncated_statement",
]
# fmt: on


@pytest.mark.parametrize("code", ERRORS)
def test_an_error_has_a_text_in_both_languages(code: str) -> None:
    assert all(catalogue()[code][lang].endswith(".") for lang in LANGUAGES)


def test_params_fill_the_placeholders() -> None:
    text = message("tax_mismatch", "en", {"stated": "42.00", "base": "100.00", "rate": "21", "computed": "21.00"})
    assert text == "The tax says 42.00; 21 % of 100.00 is 21.00. Check base, rate and tax against the original."


def test_a_missing_value_is_a_dash_and_braces_in_a_value_stay() -> None:
    text = message("missing_field", "es", {"field": "{0.__class__}"})
    assert "{0.__class__}" in text
    assert "–" in message("missing_field", "es", {})


def test_an_unknown_language_reads_english() -> None:
    assert message("empty_file", "fr", {}) == message("empty_file", "en", {})


def test_an_unknown_code_names_itself() -> None:
    assert "brand_new" in message("brand_new", "es", {})
