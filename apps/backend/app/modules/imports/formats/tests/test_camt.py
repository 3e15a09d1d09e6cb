"""camt.052, camt.053 and camt.054."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.camt import READER
from app.modules.imports.formats.tests.statement_samples import read, score, statement_of

_HEAD = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{:02}"><BkToCstmrStmt><Stmt><Id>S</Id>'
_TAIL = "</Stmt></BkToCstmrStmt></Document>"
_ENDS = (("OPBD", "10"), ("CLBD", "7"))


def _balance(code: str, amount: str, mark: str = "CRDT") -> str:
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f'<Bal>{kind}<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd></Bal>'


def _entry(amount: str, mark: str, more: str = "") -> str:
    return f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>{more}</Ntry>'


def _file(*parts: str, version: int = 8) -> bytes:
    return (_HEAD.format(version) + "".join(parts) + _TAIL).encode()


def test_what_a_structured_remittance_adds_is_part_of_the_description() -> None:
    told = "<Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf><AddtlRmtInf>Cuota</AddtlRmtInf></Strd>"
    details = f"<NtryDtls><TxDtls><RmtInf>{told}</RmtInf></TxDtls></NtryDtls>"
    (document,) = read(READER, _file(_entry("3", "CRDT", details)))

    assert statement_of(document).entries[0].description == "RF18 Cuota"


def test_a_balance_that_states_no_direction_is_as_printed() -> None:
    balances = (_balance(code, amount).replace("<CdtDbtInd>CRDT</CdtDbtInd>", "") for code, amount in _ENDS)
    (document,) = read(READER, _file(*balances, _entry("3", "DBIT")))

    assert (statement_of(document).opening_balance, statement_of(document).closing_balance) == (Decimal(10), Decimal(7))
    assert document.findings == ()


def test_an_iban_that_is_none_stays_the_number_of_the_account() -> None:
    (document,) = read(READER, _file("<Acct><Id><IBAN>ES12-3456</IBAN></Id></Acct>"))
    assert (statement_of(document).account_iban, statement_of(document).account_number) == (None, "ES12-3456")


_REVERSAL = "<RvslInd>true</RvslInd>"


def test_the_direction_of_a_reversal_is_its_own_as_the_standard_has_it() -> None:
    for balances in ("", _balance("OPBD", "10") + _balance("CLBD", "7")):
        (document,) = read(READER, _file(balances, _entry("3", "DBIT", _REVERSAL)))
        assert statement_of(document).entries[0].amount == Decimal(-3)
        assert document.findings == ()


def test_balances_overrule_a_bank_that_states_the_direction_of_what_was_reversed() -> None:
    balances = _balance("OPBD", "10") + _balance("CLBD", "12")
    (document,) = read(READER, _file(balances, _entry("1", "DBIT"), _entry("3", "DBIT", _REVERSAL)))

    assert [e.amount for e in statement_of(document).entries] == [Decimal(-1), Decimal(3)]
    assert document.findings == ()


def test_a_contradiction_that_no_sign_explains_stays_one() -> None:
    balances = _balance("OPBD", "10") + _balance("CLBD", "99")
    (document,) = read(READER, _file(balances, _entry("3", "DBIT", _REVERSAL)))

    assert statement_of(document).entries[0].amount == Decimal(-3)
    assert document.findings == ("balance_mismatch",)


@pytest.mark.parametrize("status", ["<Sts>{}</Sts>", "<Sts><Cd>{}</Cd></Sts>"])
@pytest.mark.parametrize("code", ["PDNG", "INFO", "FUTR"])
def test_an_entry_that_is_only_announced_is_marked_and_said(status: str, code: str) -> None:
    balances = _balance("OPBD", "10") + _balance("CLBD", "11")
    entries = _entry("1", "CRDT", status.format("BOOK")) + _entry("9", "DBIT", status.format(code))
    (document,) = read(READER, _file(balances, entries))

    assert [(e.amount, e.status) for e in statement_of(document).entries] == [(Decimal(1), None), (Decimal(-9), code)]
    assert document.findings == ("unbooked_entries",)


def test_what_is_only_announced_turns_no_sign_of_a_reversal() -> None:
    balances = _balance("OPBD", "10") + _balance("CLBD", "7")
    entries = _entry("3", "DBIT", _REVERSAL) + _entry("6", "DBIT", "<Sts>PDNG</Sts>")
    (document,) = read(READER, _file(balances, entries))

    assert [e.amount for e in statement_of(document).entries] == [Decimal(-3), Decimal(-6)]
    assert document.findings == ("unbooked_entries",)


def test_the_booked_balances_are_taken_whatever_stands_before_them() -> None:
    others = _balance("PRCD", "1") + _balance("OPAV", "2") + _balance("ITBD", "3") + _balance("CLAV", "4")
    (document,) = read(READER, _file(others, _balance("OPBD", "5", "DBIT"), _balance("CLBD", "6")))

    statement = statement_of(document)
    assert (statement.opening_balance, statement.closing_balance) == (Decimal(-5), Decimal(6))


def test_the_closing_balance_of_before_opens_where_nothing_else_does() -> None:
    (document,) = read(READER, _file(_balance("PRCD", "1")))
    assert statement_of(document).opening_balance == Decimal(1)


@pytest.mark.parametrize("version", [1, 2, 4, 8, 13])
def test_every_version_is_read(version: int) -> None:
    (document,) = read(READER, _file(_entry("0.00", "DBIT", "<Sts>BOOK</Sts>"), version=version))

    assert str(statement_of(document).entries[0].amount) == "0.00"
    assert document.format == f"camt 053.001.{version:02}"


def test_an_account_number_with_an_ibans_check_digits_is_an_iban() -> None:
    account = "<Acct><Id><Othr><Id>{}</Id></Othr></Id></Acct>"
    (iban,) = read(READER, _file(account.format("ES9121000418450200051332")))
    (other,) = read(READER, _file(account.format("ES9121000418450200051333")))

    assert statement_of(iban).account_iban == "ES9121000418450200051332"
    assert (statement_of(other).account_iban, statement_of(other).account_number) == (None, "ES9121000418450200051333")


@pytest.mark.parametrize("entry", [_entry("1,50", "DBIT"), _entry("", "DBIT"), _entry("1", "D"), "<Ntry/>"])
def test_an_entry_without_amount_or_direction_is_refused(entry: str) -> None:
    with pytest.raises(Unreadable):
        read(READER, _file(entry))


def test_a_document_type_declaration_is_refused() -> None:
    with pytest.raises(Unreadable):
        read(READER, b'<!DOCTYPE d [<!ENTITY e "x">]>' + _file(_entry("1", "CRDT")))


def test_a_message_without_statements_is_refused() -> None:
    with pytest.raises(Unreadable):
        read(READER, b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt/></Document>')


def test_many_entries_take_linear_time() -> None:
    (document,) = read(READER, _file(_entry("1", "CRDT") * 50_000))
    assert len(statement_of(document).entries) == 50_000


def test_it_knows_its_messages_and_no_others() -> None:
    assert score(READER, _file(_entry("1", "CRDT"))) == 100
    assert score(READER, _file().replace(b"camt.053", b"pain.001").replace(b"BkToCstmrStmt", b"CstmrCdtTrfInitn")) == 0
    assert score(READER, b"camt.053.001.02 in a text") == 0
