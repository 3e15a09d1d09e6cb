"""What FatturaPA leaves to its writers: stamp duty, rounding, discounts and withholding in or out of the total."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.modules.imports.formats.fatturapa import READER
from app.modules.imports.formats.fatturapa_vat import vat_number
from app.modules.imports.formats.tests.statement_samples import read

_PARTY = """<DatiAnagrafici><IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>01234567897</IdCodice></IdFiscaleIVA>
<Anagrafica><Denominazione>Officina Lago</Denominazione></Anagrafica></DatiAnagrafici>"""
_ROOT = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"
_STAMP = "<DatiBollo><BolloVirtuale>SI</BolloVirtuale>{}</DatiBollo>"
_WITHHELD = """<DatiRitenuta><TipoRitenuta>RT01</TipoRitenuta><ImportoRitenuta>20.00</ImportoRitenuta>
<AliquotaRitenuta>20.00</AliquotaRitenuta><CausalePagamento>A</CausalePagamento></DatiRitenuta>"""
_DISCOUNT = "<ScontoMaggiorazione><Tipo>SC</Tipo>{}</ScontoMaggiorazione>"
_LINE = """<DettaglioLinee><NumeroLinea>1</NumeroLinea><Descrizione>Lavoro</Descrizione>{}
<PrezzoTotale>{}</PrezzoTotale><AliquotaIVA>{}</AliquotaIVA></DettaglioLinee>"""
_HUNDRED = _LINE.format("<Quantita>1.00</Quantita><PrezzoUnitario>100.00</PrezzoUnitario>", "100.00", "22.00")


_FUND = """<DatiCassaPrevidenziale><TipoCassa>{}</TipoCassa><AlCassa>8.50</AlCassa>
<ImportoContributoCassa>8.50</ImportoContributoCassa><AliquotaIVA>0.00</AliquotaIVA><Natura>N2.2</Natura>
</DatiCassaPrevidenziale>"""
_OF_FUND = """<DatiRiepilogo><AliquotaIVA>0.00</AliquotaIVA><Natura>N2.2</Natura>
<ImponibileImporto>8.50</ImponibileImporto><Imposta>0.00</Imposta></DatiRiepilogo>"""
_CONTRIBUTION = """<DatiRitenuta><TipoRitenuta>{}</TipoRitenuta><ImportoRitenuta>8.50</ImportoRitenuta>
<AliquotaRitenuta>8.50</AliquotaRitenuta><CausalePagamento>ZO</CausalePagamento></DatiRitenuta>"""
_PAYMENT = """<DatiPagamento><CondizioniPagamento>TP02</CondizioniPagamento><DettaglioPagamento>
<ModalitaPagamento>MP05</ModalitaPagamento><ImportoPagamento>{}</ImportoPagamento></DettaglioPagamento></DatiPagamento>"""


def _body(
    total: str,
    *,
    beside: str = "",
    tax: str = "22.00",
    lines: str = _HUNDRED,
    rows: str = "",
    paid: str | None = None,
) -> bytes:
    general = f"""<TipoDocumento>TD01</TipoDocumento><Divisa>EUR</Divisa><Data>2026-03-02</Data><Numero>7</Numero>
        {beside}<ImportoTotaleDocumento>{total}</ImportoTotaleDocumento>"""
    rate = "22.00" if tax != "0.00" else "0.00"
    summary = f"""<DatiRiepilogo><AliquotaIVA>{rate}</AliquotaIVA><ImponibileImporto>100.00</ImponibileImporto>
        <Imposta>{tax}</Imposta></DatiRiepilogo>"""
    return f"""<p:FatturaElettronica versione="FPR12" xmlns:p="{_ROOT}"><FatturaElettronicaHeader>
        <CedentePrestatore>{_PARTY}</CedentePrestatore><CessionarioCommittente>{_PARTY}</CessionarioCommittente>
        </FatturaElettronicaHeader><FatturaElettronicaBody>
        <DatiGenerali><DatiGeneraliDocumento>{general}</DatiGeneraliDocumento></DatiGenerali>
        <DatiBeniServizi>{lines}{summary}{rows}</DatiBeniServizi>{_PAYMENT.format(paid) if paid else ""}
        </FatturaElettronicaBody></p:FatturaElettronica>""".encode()


@pytest.mark.parametrize(
    ("total", "beside"),
    [
        ("124.00", _STAMP.format("<ImportoBollo>2.00</ImportoBollo>")),
        ("124.00", _STAMP.format("")),
        ("121.70", "<Arrotondamento>-0.30</Arrotondamento>"),
        ("112.00", _DISCOUNT.format("<Importo>10.00</Importo>")),
        ("109.80", _DISCOUNT.format("<Percentuale>10.00</Percentuale>")),
    ],
)
def test_what_stands_between_the_summary_and_the_total_is_counted_in(total: str, beside: str) -> None:
    (document,) = read(READER, _body(total, beside=beside))
    assert (document.totals.gross, document.findings) == (Decimal(total), ())


@pytest.mark.parametrize("total", ["121.65", "122.00"])
def test_the_rounding_of_a_base_is_in_it_or_in_the_total_alone(total: str) -> None:
    rounded = b"<ImponibileImporto>100.00</ImponibileImporto>"
    body = _body(total).replace(rounded, b"<Arrotondamento>-0.35</Arrotondamento>" + rounded)
    (document,) = read(READER, body)
    assert (document.totals.gross, document.findings) == (Decimal(total), ())


@pytest.mark.parametrize(
    ("fund", "withheld", "paid", "findings"),
    [
        ("TC07", "", "113.50", ()),
        ("TC07", _CONTRIBUTION.format("RT04"), "113.50", ()),
        ("TC22", _CONTRIBUTION.format("RT03"), "113.50", ()),
        ("TC22", "", "122.00", ("totals_mismatch",)),
    ],
)
def test_a_contribution_that_is_withheld_may_be_a_base_and_not_in_the_total(
    fund: str, withheld: str, paid: str, findings: tuple[str, ...]
) -> None:
    (document,) = read(READER, _body("122.00", beside=withheld + _FUND.format(fund), rows=_OF_FUND, paid=paid))
    assert (document.totals.gross, document.totals.payable) == (Decimal("122.00"), Decimal(paid))
    assert document.findings == findings


@pytest.mark.parametrize(("sign", "findings"), [("-", ()), ("", ("payable_mismatch",))])
def test_a_total_below_zero_leaves_nothing_to_pay(sign: str, findings: tuple[str, ...]) -> None:
    line = _LINE.format("", f"{sign}100.00", "22.00")
    body = _body(f"{sign}122.00", tax=f"{sign}22.00", lines=line, paid="0.00")
    (document,) = read(READER, body.replace(b"<ImponibileImporto>", f"<ImponibileImporto>{sign}".encode()))
    assert document.findings == findings


@pytest.mark.parametrize(
    ("conditions", "blocks", "findings"),
    [
        ("TP01", [["61.00", "61.00"]], ()),
        ("TP01", [["40.67", "40.67", "40.66"]], ()),
        ("TP01", [["61.00"], ["61.00"]], ()),
        ("TP01", [["61.00", "50.00"]], ("payments_mismatch",)),
        ("TP02", [["122.00", "122.00"]], ()),
        ("TP02", [["122.00"], ["100.00", "22.00"]], ()),
        ("TP03", [["30.00", "20.00"]], ()),
        ("TP01", [["50.00", "50.00"]], ()),
    ],
)
def test_instalments_make_the_total_and_ways_to_pay_it_are_each_the_whole(
    conditions: str, blocks: list[list[str]], findings: tuple[str, ...]
) -> None:
    row = "<DettaglioPagamento><ImportoPagamento>{}</ImportoPagamento></DettaglioPagamento>"
    paid = "".join(
        f"<DatiPagamento><CondizioniPagamento>{conditions}</CondizioniPagamento>"
        f"{''.join(row.format(amount) for amount in block)}</DatiPagamento>"
        for block in blocks
    )
    text = _body("122.00").replace(b"</FatturaElettronicaBody>", f"{paid}</FatturaElettronicaBody>".encode())
    assert read(READER, text)[0].findings == findings


@pytest.mark.parametrize(
    ("marked", "paid", "findings"),
    [("S", "144.00", ()), ("I", "144.00", ("payable_mismatch",)), ("S", "140.00", ()), ("I", "166.00", ())],
)
def test_a_public_body_keeps_the_tax_of_the_rows_that_are_marked_so(
    marked: str, paid: str, findings: tuple[str, ...]
) -> None:
    lines = _HUNDRED + _LINE.format("<PrezzoUnitario>40.00</PrezzoUnitario>", "40.00", "10.00")
    rows = """<DatiRiepilogo><AliquotaIVA>10.00</AliquotaIVA><ImponibileImporto>40.00</ImponibileImporto>
        <Imposta>4.00</Imposta><EsigibilitaIVA>I</EsigibilitaIVA></DatiRiepilogo>"""
    tax = "<Imposta>22.00</Imposta>"
    text = _body("166.00", lines=lines, rows=rows, paid=paid).replace(
        tax.encode(), f"{tax}<EsigibilitaIVA>{marked}</EsigibilitaIVA>".encode()
    )
    assert read(READER, text)[0].findings == findings


def test_a_stamp_that_is_not_paid_explains_no_two_euros() -> None:
    (document,) = read(READER, _body("124.00", beside="<DatiBollo><BolloVirtuale>NO</BolloVirtuale></DatiBollo>"))
    assert document.findings == ("totals_mismatch",)


def test_a_total_after_withholding_leaves_the_gross_before_it() -> None:
    (document,) = read(READER, _body("102.00", beside=_WITHHELD))
    totals = document.totals
    assert (totals.gross, totals.invoice_total_stated, totals.withholding) == (
        Decimal("122.00"),
        Decimal("102.00"),
        Decimal("20.00"),
    )
    assert document.findings == ()
    assert document.evidence["totals.gross"].text is None


def test_a_total_before_withholding_is_the_gross() -> None:
    (document,) = read(READER, _body("122.00", beside=_WITHHELD))
    assert (document.totals.gross, document.findings) == (Decimal("122.00"), ())
    assert document.evidence["totals.gross"].text == "122.00"


def test_a_total_that_nothing_explains_stays_as_it_is_printed() -> None:
    (document,) = read(READER, _body("144.00", beside=_WITHHELD))
    assert (document.totals.gross, document.findings) == (Decimal("144.00"), ("totals_mismatch",))


def test_the_rate_of_a_line_stands_in_the_summary() -> None:
    (document,) = read(READER, _body("122.00", lines=_HUNDRED.replace("22.00", "10.00")))
    assert document.findings == ("line_rate_not_in_summary",)


@pytest.mark.parametrize(("half", "findings"), [("100.00", ()), ("50.00", ("line_taxes_mismatch",))])
def test_the_lines_of_a_rate_make_its_base(half: str, findings: tuple[str, ...]) -> None:
    rest = f"{Decimal('108.50') - Decimal(half):f}"
    lines = "".join(
        _LINE.format(f"<PrezzoUnitario>{amount}</PrezzoUnitario>", amount, rate)
        for amount, rate in ((half, "22.00"), (rest, "0.00"))
    )
    (document,) = read(READER, _body("130.50", lines=lines, rows=_OF_FUND))
    assert document.findings == findings


@pytest.mark.parametrize(("fund", "findings"), [("TC07", ()), ("TC22", ("lines_mismatch",))])
def test_a_contribution_that_is_withheld_need_not_be_in_the_base(fund: str, findings: tuple[str, ...]) -> None:
    (document,) = read(READER, _body("122.00", beside=_FUND.format(fund)))
    assert document.findings == findings


def test_a_line_of_text_alone_needs_no_rate_in_the_summary() -> None:
    text = _LINE.format("<PrezzoUnitario>0.00</PrezzoUnitario>", "0.00", "4.00")
    (document,) = read(READER, _body("122.00", lines=_HUNDRED + text))
    assert document.findings == ()


@pytest.mark.parametrize(
    ("printed", "agrees"),
    [
        ("<Quantita>3.00</Quantita><PrezzoUnitario>50.00</PrezzoUnitario>", False),
        ("<Quantita>-1.00</Quantita><PrezzoUnitario>100.00</PrezzoUnitario>", True),
        ("<Quantita>3.00</Quantita><PrezzoUnitario>33.33</PrezzoUnitario>", True),
        ("<Quantita>3.00</Quantita><PrezzoUnitario>33.33000000</PrezzoUnitario>", True),
        ("<Quantita>30.00</Quantita><PrezzoUnitario>3.33000000</PrezzoUnitario>", False),
        ("<PrezzoUnitario>100.00</PrezzoUnitario>", True),
        ("<PrezzoUnitario>90.00</PrezzoUnitario>", False),
    ],
)
def test_quantity_times_price_is_the_amount_of_a_line(printed: str, *, agrees: bool) -> None:
    (document,) = read(READER, _body("122.00", lines=_LINE.format(printed, "100.00", "22.00")))
    assert document.findings == (() if agrees else ("line_amount_mismatch",))


@pytest.mark.parametrize(
    ("price", "changes", "agrees"),
    [
        ("60.00", [("SC", "<Importo>10.00</Importo>")], True),
        ("60.00", [("SC", "<Importo>20.00</Importo>")], False),
        ("62.50", [("SC", "<Percentuale>20.00</Percentuale>")], True),
        ("62.50", [("SC", "<Percentuale>50.00</Percentuale><Importo>12.50</Importo>")], True),
        ("100.00", [("SC", "<Percentuale>50.00</Percentuale>"), ("SC", "<Percentuale>50.00</Percentuale>")], False),
        ("200.00", [("SC", "<Percentuale>50.00</Percentuale>"), ("SC", "<Percentuale>50.00</Percentuale>")], True),
        ("40.00", [("MG", "<Percentuale>25.00</Percentuale>")], True),
        ("40.00", [("SC", "<Percentuale>25.00</Percentuale>")], False),
        ("40.00", [("SC", "")], True),
    ],
)
def test_the_price_of_a_line_is_that_after_its_discounts(
    price: str, changes: list[tuple[str, str]], *, agrees: bool
) -> None:
    rows = (f"<ScontoMaggiorazione><Tipo>{kind}</Tipo>{of}</ScontoMaggiorazione>" for kind, of in changes)
    printed = f"<Quantita>2.00</Quantita><PrezzoUnitario>{price}</PrezzoUnitario>{''.join(rows)}"
    (document,) = read(READER, _body("122.00", lines=_LINE.format(printed, "100.00", "22.00")))
    assert document.findings == (() if agrees else ("line_amount_mismatch",))


@pytest.mark.parametrize(
    ("country", "code", "number"),
    [
        ("IT", "01234567897", "IT01234567897"),
        ("DE", "DE123456789", "DE123456789"),
        ("de", "DE123456789", "DE123456789"),
        ("FR", "FR000000010", "FRFR000000010"),
        ("MX", "MXA010101AAA", "MXMXA010101AAA"),
        (None, "01234567897", "01234567897"),
    ],
)
def test_a_code_that_repeats_its_country_is_not_prefixed_twice(country: str | None, code: str, number: str) -> None:
    assert vat_number(country, code) == number
