"""Validate: what the law, arithmetic and earlier imports say of a document; whether it may go out without a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from app.modules.imports.countries.judging import judge
from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.canonical_json import from_json
from app.modules.imports.domain.corrections import corrected
from app.modules.imports.domain.country import RuleContext
from app.modules.imports.domain.finding import NEVER_ACCEPTED, Finding, Severity
from app.modules.imports.domain.natural_key import distinguishing_total, natural_key
from app.modules.imports.domain.outcome import Dead, Done, NeedsReview, Outcome
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.fields.proofs import lacking_field, missing_proofs, unproven_values
from app.modules.imports.plugins import destinations
from app.modules.imports.stages.each import each

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.ports import Item
    from app.modules.imports.stages.tools import Namesake, TenantSettings, Tools


DUPLICATE: Final = "duplicate_suspect"
OTHER_FORM: Final = "published_in_other_form"
"""Codes of what is published already: from whatever came before, or from the XML of this very page, or its page."""
LEFT_OUT: Final = "left_out_unproven"
"""Code of the note on a value that is not published, because nothing proves it and no person has seen it."""


def validate(items: Sequence[Item], tools: Tools) -> Sequence[Outcome]:
    """Findings for every document; one that blocks sends it to a person."""
    published = _published_before(items, tools)
    context = RuleContext(today=tools.today, own_tax_ids=tools.tenant.own_tax_ids)
    return each(items, tools, lambda item, tools: _validate(item, tools, context, published))


def document_of(item: Item) -> CanonicalDocument:
    """The document as read, with what a person corrected. Raises ValueError when that makes no document."""
    return item.document if item.document is not None else from_json(json_of(item))


def json_of(item: Item) -> Mapping[str, Any]:
    """The same as JSON. What was read stays in the store as it was; corrections are laid over it when it is used."""
    stated = item.work["document"]
    read: Mapping[str, Any] = json.loads(stated) if isinstance(stated, str) else cast("Mapping[str, Any]", stated)
    return corrected(read, item.corrections) if item.corrections else read


def findings_of(
    item: Item,
    document: CanonicalDocument,
    context: RuleContext,
    tenant: TenantSettings,
    duplicates: Sequence[Finding],
) -> tuple[Finding, ...]:
    """All that is to be said of a document, the weightiest reason to stop it first; pure, so it can be asked again."""
    judged = judge(document, context, country=tenant.country)
    found = (*judged, *duplicates, *_gate(item, document, tenant.strictness))
    if _goes_unseen(item, tenant.strictness) and not blocking_findings(found, item.accepted):
        found += tuple(Finding(code=LEFT_OUT, severity=Severity.NOTE, field=path) for path in unproven_values(document))
    return found


def blocking_findings(findings: Iterable[Finding], accepted: Container[str]) -> list[Finding]:
    """Those that stop a document until a person has accepted them."""
    return [
        f for f in findings if f.severity is Severity.BLOCKS and (f.code not in accepted or f.code in NEVER_ACCEPTED)
    ]


def _published_before(items: Sequence[Item], tools: Tools) -> Mapping[str, Sequence[Namesake]]:
    keys = set()
    for item in items:
        if item.kind is not ItemKind.CONTAINER and "document" in item.work:
            try:
                keys.add(natural_key(document_of(item)))
            except ValueError:  # said by the item itself when its turn comes
                continue
    keys.discard(None)
    return tools.registry.namesakes(sorted(k for k in keys if k)) if keys else {}


def _validate(item: Item, tools: Tools, context: RuleContext, published: Mapping[str, Sequence[Namesake]]) -> Outcome:
    if item.kind is ItemKind.CONTAINER:
        return Done()
    try:
        document = document_of(item)
    except ValueError as error:
        return Dead(code="correction_invalid", detail=str(error))
    duplicates = _duplicates(item, document, published)
    findings = findings_of(item, document, context, tools.tenant, duplicates)
    work: dict[str, object] = {"judged": True}
    if item.corrections:
        work["doc_type"] = document.doc_type
    left_out = [finding.field for finding in findings if finding.code == LEFT_OUT]
    if left_out or "left_out" in item.work:
        work["left_out"] = left_out
    blocking = blocking_findings(findings, item.accepted)
    if other := next((finding for finding in blocking if finding.code == OTHER_FORM), None):
        return NeedsReview(code=OTHER_FORM, detail=other.params["item"], work=work, findings=findings, needless=True)
    if blocking:
        detail = ", ".join(f"{f.code}{f' ({f.field})' if f.field else ''}" for f in blocking)
        return NeedsReview(code=blocking[0].code, detail=detail, work=work, findings=findings)
    return Done(work=work, findings=findings, document=document)


def _duplicates(
    item: Item, document: CanonicalDocument, published: Mapping[str, Sequence[Namesake]]
) -> Sequence[Finding]:
    namesakes = published.get(natural_key(document) or "", ())
    if not namesakes:
        return ()
    total = distinguishing_total(document)
    if alike := [namesake for namesake in namesakes if namesake.total == total]:
        other = next((one for one in alike if _is_other_form(item, document, one)), None)
        code = OTHER_FORM if other else DUPLICATE
        return (_found(code, Severity.BLOCKS, "invoice_number", other or alike[0]),)
    compared = "totals.withholding" if document.doc_type is DocumentType.WITHHOLDING else "totals.gross"
    return (_found("duplicate_other_total", Severity.LOOK, compared, namesakes[0]),)


def _found(code: str, severity: Severity, field: str, namesake: Namesake) -> Finding:
    """With the published item, so that whoever has to decide can look at both."""
    return Finding(code=code, severity=severity, field=field, params={"item": str(namesake.item_id)})


def _is_other_form(item: Item, document: CanonicalDocument, namesake: Namesake) -> bool:
    """Who issues an invoice as XML sends a page along. Two files of one kind may be two invoices with one number."""
    forms = {item.kind, namesake.kind}
    return forms == {ItemKind.STRUCTURED, ItemKind.PAGED} and document.issue_date == namesake.issue_date


def _goes_unseen(item: Item, strictness: str) -> bool:
    """Read from a page, and nobody has confirmed or corrected anything of it."""
    return item.kind is ItemKind.PAGED and strictness == "proven" and not item.accepted and not item.corrections


def _gate(item: Item, document: CanonicalDocument, strictness: str) -> Sequence[Finding]:
    """Kinds that have no destination, and values of a page that nothing proves."""
    if not any(document.doc_type in destination.accepts for destination in destinations().values()):
        kind = document.doc_type.value
        return (Finding(code="not_an_invoice", severity=Severity.BLOCKS, field="doc_type", params={"doc_type": kind}),)
    if item.kind is not ItemKind.PAGED or strictness == "read":
        return ()
    if strictness == "nothing":
        return (Finding(code="review_required", severity=Severity.BLOCKS),)
    return [
        Finding(code=code, severity=Severity.BLOCKS, field=lacking_field(document, code))
        for code in missing_proofs(document)
    ]
