"""OFX 1 and OFX 2."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.ofx import READER
from app.modules.imports.formats.tests.statement_samples import read, score, statement_of

_HEAD = "OFXHEADER:100\nDATA:OFXSGML\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>1</BANKACCTFROM>"
_TAIL = "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"


def _file(*movements: str) -> bytes:
    return f"{_HEAD}<BANKTRANLIST>{''.join(movements)}</BANKTRANLIST>{_TAIL}".encode("cp1252")


@pytest.mark.parametrize(
    ("printed", "amount"),
    [("-80", "-80"), ("+1.50", "1.50"), ("-1048,40", "-1048.40"), (" 7.1 ", "7.1"), ("-1,048.40", "-1048.40")],
)
def test_decimal_comma_and_point_are_both_read(printed: str, amount: str) -> None:
    (document,) = read(READER, _file(f"<STMTTRN><DTPOSTED>20240102<TRNAMT>{printed}</STMTTRN>"))
    assert statement_of(document).entries[0].amount == Decimal(amount)


def test_the_day_is_the_one_printed_whatever_the_zone() -> None:
    (document,) = read(READER, _file("<STMTTRN><DTPOSTED>20240102233000.000[-5:EST]<TRNAMT>1</STMTTRN>"))
    assert statement_of(document).entries[0].booking_date == date(2024, 1, 2)


def test_forgotten_end_tags_do_not_mix_movements() -> None:
    (document,) = read(READER, _file("<STMTTRN><TRNAMT>1<NAME>A", "<STMTTRN><TRNAMT>2<MEMO>B<LEDGERBAL><BALAMT>9"))

    entries = statement_of(document).entries
    assert [(e.amount, e.description) for e in entries] == [(Decimal(1), "A"), (Decimal(2), "B")]
    assert statement_of(document).closing_balance == Decimal(9)


def test_the_other_side_of_a_transfer_is_not_the_account() -> None:
    (document,) = read(READER, _file("<STMTTRN><TRNAMT>1<BANKACCTTO><ACCTID>9</BANKACCTTO><MEMO>M</STMTTRN>"))

    assert statement_of(document).account_number == "1"
    assert statement_of(document).entries[0].description == "M"


def test_entities_are_read_once_and_declarations_have_no_effect() -> None:
    declared = b'<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    body = "<STMTTRN><TRNAMT>1</TRNAMT><NAME>&e; A&amp;lt; &#241; &#xD800; &copy</NAME></STMTTRN>"
    (document,) = read(READER, declared + _file(body).partition(b"\n\n")[2])
    assert statement_of(document).entries[0].description == "&e; A&lt; ñ \ufffd &copy"


def test_a_file_without_its_end_is_cut() -> None:
    content = _file("<STMTTRN><TRNAMT>1</STMTTRN>", "<STMTTRN><DTPOSTED>2024")
    (document,) = read(READER, content.partition(b"</BANKTRANLIST")[0])

    assert document.findings == ("truncated_statement",)
    assert len(statement_of(document).entries) == 1


def test_a_day_that_is_none_is_found() -> None:
    (document,) = read(READER, _file("<STMTTRN><DTPOSTED>99999999<TRNAMT>1</STMTTRN>"))
    assert document.findings == ("bad_date",)


@pytest.mark.parametrize("amount", ["1e400", "NaN", "", "x"])
def test_a_movement_without_an_amount_is_refused(amount: str) -> None:
    with pytest.raises(Unreadable):
        read(READER, _file(f"<STMTTRN><TRNAMT>{amount}</STMTTRN>"))


def test_an_answer_without_statements_is_refused() -> None:
    with pytest.raises(Unreadable):
        read(READER, b"OFXHEADER:100\n\n<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>15500</STATUS></SONRS></OFX>")


def test_a_statement_that_holds_nothing_is_none() -> None:
    with pytest.raises(Unreadable, match="no bank or credit card statement"):
        read(
            READER,
            b"<OFX><CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1></OFX>",
        )


@pytest.mark.parametrize("tag", ["CHECKNUM", "CHKNUM"])
def test_the_number_of_a_cheque_is_read_under_either_tag(tag: str) -> None:
    (document,) = read(READER, _file(f"<STMTTRN><TRNAMT>1<{tag}>1932</STMTTRN>"))
    assert statement_of(document).entries[0].document_number == "1932"


def test_many_movements_take_linear_time() -> None:
    (document,) = read(READER, _file("<STMTTRN><DTPOSTED>20240102<TRNAMT>1</STMTTRN>" * 50_000))
    assert len(statement_of(document).entries) == 50_000


def test_it_knows_its_files_and_no_others() -> None:
    assert score(READER, _file()) > 90
    assert score(READER, b'<?xml version="1.0"?>\n<?OFX OFXHEADER="200"?>\n<OFX></OFX>') > 90
    assert score(READER, b"<html><body>about OFX</body></html>") == 0
