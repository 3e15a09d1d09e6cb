"""Text that is code somewhere else (SQL, a shell, a template, a format string, a log line) is data here."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.countries import ec, es
from app.modules.imports.domain.canonical import Box
from app.modules.imports.domain.errors import ImportsError
from app.modules.imports.domain.file_name import shown_name
from app.modules.imports.domain.page import Page, Word
from app.modules.imports.fields.classify import classify_pages
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.mapping.problem import ValueProblem
from app.modules.imports.mapping.transforms import compile_transform
from app.tests.usual_machine import usual_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.modules.imports.web.tests.conftest import Caller

INJECTIONS = (
    "'; DROP TABLE import_items; --",
    "' OR tenant_id IS NOT NULL --",
    "$1 %(id)s %s {0.__class__} {{7*7}} ${jndi:ldap://x} #{1}",
    "$(id) `id` | id && id",
    "*)(uid=*))(|(uid=*",
    "../../../etc/passwd",
    "<script>alert(1)</script>",
    "a\r\nlevel=info event=forged",
    "__proto__",
    "\u202eexe.fdp",
)
ENDLESS = {
    "digits": "1" * 50_000,
    "spaces": " " * 50_000 + "x",
    "letters": "a" * 50_000 + "!",
    "groups": "1.000" * 10_000,
    "mixed groups": "1.000,000" * 6_000,
    "dashes": "-" * 50_000,
    "dates": "01/01/" * 10_000,
    "prefixes": "ES-" * 15_000,
    "one word": "TOTAL" * 10_000,
}
_CPU_SECONDS = 0.1


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_is_code_elsewhere_comes_back_as_it_was(
    admin: Caller, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = admin.post("/batches", {"name": text}, headers={"Idempotency-Key": "k"})
    assert batch.status_code == 201
    batch_id = batch.json()["id"]
    row = {"invoice_number": text, text: text}
    assert admin.post(f"/batches/{batch_id}/ingest", {"rows": [row]}).status_code == 200
    mapping = {"target": "invoice", "columns": {"invoice_number": text}}
    stored = admin.post("/mappings", {"name": text, "definition": mapping}).json()
    [item] = admin.get(f"/batches/{batch_id}/items").json()["items"]
    assert admin.get(f"/batches/{batch_id}").json()["name"] == text
    assert admin.get(f"/items/{item['id']}").json()["raw"] == row
    assert admin.get(f"/mappings/{stored['id']}").json()["definition"]["columns"]["invoice_number"]["columns"] == [text]
    assert admin.get("/batches", params={"cursor": text}).status_code == 422
    logged = capsys.readouterr()
    assert not [line for line in (logged.out + logged.err).splitlines() if line.startswith("level=info")]


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.parametrize(
    "read",
    [
        es.COUNTRY.tax_id,
        ec.COUNTRY.tax_id,
        shown_name,
        compile_transform("decimal", (",",)),
        compile_transform("date", ("dmy",)),
        compile_transform("collapse", ()),
    ],
    ids=["es tax id", "ec tax id", "file name", "decimal", "date", "collapse"],
)
def test_no_text_keeps_a_reader_of_values_busy(read: Callable[[str], object], text: str) -> None:
    began = time.process_time()
    with suppress(ValueProblem, ImportsError):
        read(text)
    assert usual_seconds(time.process_time() - began) < _CPU_SECONDS


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_no_word_keeps_a_page_busy(text: str) -> None:
    words = tuple(Word(text=part, box=Box(0.0, y, 500.0, y + 9.0)) for y, part in ((10.0, "FACTURA"), (30.0, text)))
    page = Page(number=1, width=595.0, height=842.0, words=words)
    began = time.process_time()
    classify_pages([page])
    find_fields([page])
    assert usual_seconds(time.process_time() - began) < 10 * _CPU_SECONDS


def test_a_deep_or_a_wide_row_is_refused_or_taken_in_time(admin: Caller) -> None:
    batch = admin.new_batch()
    wide = {"rows": [{f"c{n}": n for n in range(10_000)}]}
    deep = '{"rows": [{"a": ' + "[" * 10_000 + "]" * 10_000 + "}]}"
    for body in (json.dumps(wide), deep, json.dumps({"rows": [{"a": "x" * 10_000_000}]})):
        began = time.monotonic()
        headers = {"Content-Type": "application/json"}
        answer = admin.call("POST", f"/batches/{batch}/ingest", content=body, headers=headers)
        assert answer.status_code in {200, 413, 422}, answer.text[:200]
        assert time.monotonic() - began < 20
