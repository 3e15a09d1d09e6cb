"""Electronic vouchers of Ecuador's SRI: facturas with and without authorisation, a retención, a nota de crédito."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lxml import etree

from sources.amounts import Amounts, amounts, cents
from sources.check_digits import access_key
from sources.companies import CARPENTER_EC, HARDWARE_EC, IMPORTER_EC, Company
from sources.markup import E, Element, written

if TYPE_CHECKING:
    from datetime import date

_RATE_CODES: Final = {Decimal(15): "4", Decimal(0): "0"}
_TEST, _PRODUCTION = "1", "2"
_RUC, _INVOICE, _CREDIT_NOTE, _WITHHOLDING = "04", "01", "04", "07"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """What every voucher says of itself."""

    kind: str
    issuer: Company
    number: tuple[str, str, str]
    issued: date
    environment: str = _PRODUCTION

    @property
    def key(self) -> str:
        point = "".join(self.number)
        return access_key(f"{self.issued:%d%m%Y}{self.kind}{self.issuer.tax_id}{self.environment}{point}123456781")

    @property
    def printed_number(self) -> str:
        return "-".join(self.number)


def factura(voucher: Voucher, money: Amounts, buyer: Company) -> Element:
    """A factura, version 1.1.0."""
    info = E.infoFactura(
        E.fechaEmision(f"{voucher.issued:%d/%m/%Y}"),
        E.dirEstablecimiento(voucher.issuer.street),
        E.obligadoContabilidad("SI"),
        E.tipoIdentificacionComprador(_RUC),
        E.razonSocialComprador(buyer.name),
        E.identificacionComprador(buyer.tax_id),
        E.totalSinImpuestos(str(money.net)),
        E.totalDescuento("0.00"),
        _tax_summary(money),
        E.propina("0.00"),
        E.importeTotal(str(money.gross)),
        E.moneda("DOLAR"),
        E.pagos(E.pago(E.formaPago("20"), E.total(str(money.gross)), E.plazo("30"), E.unidadTiempo("dias"))),
    )
    return E.factura(_issuer(voucher), info, _details(money), id="comprobante", version="1.1.0")


def authorised(voucher: Voucher, root: Element) -> bytes:
    """The voucher in the envelope with which the SRI answers."""
    inner = etree.tostring(root, encoding="unicode", pretty_print=True)
    envelope = E.autorizacion(
        E.estado("AUTORIZADO"),
        E.numeroAutorizacion(voucher.key),
        E.fechaAutorizacion(f"{voucher.issued:%Y-%m-%d}T10:15:42-05:00"),
        E.ambiente("PRODUCCIÓN" if voucher.environment == _PRODUCTION else "PRUEBAS"),
        E.comprobante(etree.CDATA(inner)),
    )
    return bare(envelope)


def bare(root: Element) -> bytes:
    """The document alone."""
    return written(root)


def authorised_factura(issued: date) -> bytes:
    voucher = Voucher(kind=_INVOICE, issuer=HARDWARE_EC, number=("001", "002", "000004512"), issued=issued)
    money = amounts(
        [("TAL-13", "Taladro percutor 13 mm", "2", "64.25", "15"), ("BRO", "Juego de brocas", "3", "11.90", "15")]
    )
    return authorised(voucher, factura(voucher, money, CARPENTER_EC))


def bare_factura(issued: date) -> bytes:
    voucher = Voucher(kind=_INVOICE, issuer=IMPORTER_EC, number=("003", "001", "000000871"), issued=issued)
    money = amounts(
        [("LIJA", "Lija de agua, pliego", "40", "0.55", "15"), ("LIBRO", "Libro de carpintería", "1", "19.00", "0")]
    )
    return bare(factura(voucher, money, CARPENTER_EC))


def test_factura(issued: date) -> bytes:
    """As the SRI's test environment gives it: of no fiscal value."""
    voucher = Voucher(
        kind=_INVOICE, issuer=IMPORTER_EC, number=("003", "001", "000000012"), issued=issued, environment=_TEST
    )
    money = amounts([("PRU", "Producto de prueba", "1", "10.00", "15")])
    return authorised(voucher, factura(voucher, money, CARPENTER_EC))


def credit_note(issued: date, credited: date) -> bytes:
    """A nota de crédito for goods returned."""
    voucher = Voucher(kind=_CREDIT_NOTE, issuer=HARDWARE_EC, number=("001", "002", "000000093"), issued=issued)
    money = amounts([("BRO", "Juego de brocas", "1", "11.90", "15")])
    info = E.infoNotaCredito(
        E.fechaEmision(f"{issued:%d/%m/%Y}"),
        E.tipoIdentificacionComprador(_RUC),
        E.razonSocialComprador(CARPENTER_EC.name),
        E.identificacionComprador(CARPENTER_EC.tax_id),
        E.obligadoContabilidad("SI"),
        E.codDocModificado(_INVOICE),
        E.numDocModificado("001-002-000004512"),
        E.fechaEmisionDocSustento(f"{credited:%d/%m/%Y}"),
        E.totalSinImpuestos(str(money.net)),
        E.valorModificacion(str(money.gross)),
        E.moneda("DOLAR"),
        _tax_summary(money),
        E.motivo("Devolución de mercadería"),
    )
    root = E.notaCredito(
        _issuer(voucher), info, _details(money, code="codigoInterno"), id="comprobante", version="1.1.0"
    )
    return authorised(voucher, root)


def withholding(issued: date) -> bytes:
    """A comprobante de retención 2.0.0: income tax 1.75 % and 30 % of the IVA of one invoice."""
    voucher = Voucher(kind=_WITHHOLDING, issuer=IMPORTER_EC, number=("003", "001", "000000140"), issued=issued)
    sale = amounts([("MESA", "Mesa de trabajo", "4", "185.00", "15")])
    held = (
        ("1", "312", sale.net, Decimal("1.75")),
        ("2", "1", sale.tax, Decimal(30)),
    )
    info = E.infoCompRetencion(
        E.fechaEmision(f"{issued:%d/%m/%Y}"),
        E.obligadoContabilidad("SI"),
        E.tipoIdentificacionSujetoRetenido(_RUC),
        E.parteRel("NO"),
        E.razonSocialSujetoRetenido(CARPENTER_EC.name),
        E.identificacionSujetoRetenido(CARPENTER_EC.tax_id),
        E.periodoFiscal(f"{issued:%m/%Y}"),
    )
    supported = E.docSustento(
        E.codSustento("01"),
        E.codDocSustento(_INVOICE),
        E.numDocSustento("001001000000077"),
        E.fechaEmisionDocSustento(f"{issued:%d/%m/%Y}"),
        E.pagoLocExt("01"),
        E.totalSinImpuestos(str(sale.net)),
        E.importeTotal(str(sale.gross)),
        E.impuestosDocSustento(_supported_tax(sale)),
        E.retenciones(*(_retention(*row) for row in held)),
        E.pagos(E.pago(E.formaPago("20"), E.total(str(sale.gross)))),
    )
    root = E.comprobanteRetencion(_issuer(voucher), info, E.docsSustento(supported), id="comprobante", version="2.0.0")
    return authorised(voucher, root)


def _supported_tax(sale: Amounts) -> Element:
    [row] = sale.rows
    return E.impuestoDocSustento(
        E.codImpuestoDocSustento("2"),
        E.codigoPorcentaje(_RATE_CODES[row.rate]),
        E.baseImponible(str(row.base)),
        E.tarifa(str(row.rate)),
        E.valorImpuesto(str(row.amount)),
    )


def _retention(tax: str, code: str, base: Decimal, rate: Decimal) -> Element:
    return E.retencion(
        E.codigo(tax),
        E.codigoRetencion(code),
        E.baseImponible(str(base)),
        E.porcentajeRetener(str(rate)),
        E.valorRetenido(str(cents(base * rate / 100))),
    )


def _issuer(voucher: Voucher) -> Element:
    branch, point, sequence = voucher.number
    return E.infoTributaria(
        E.ambiente(voucher.environment),
        E.tipoEmision("1"),
        E.razonSocial(voucher.issuer.name),
        E.nombreComercial(voucher.issuer.name),
        E.ruc(voucher.issuer.tax_id),
        E.claveAcceso(voucher.key),
        E.codDoc(voucher.kind),
        E.estab(branch),
        E.ptoEmi(point),
        E.secuencial(sequence),
        E.dirMatriz(f"{voucher.issuer.street}, {voucher.issuer.town}"),
    )


def _tax_summary(money: Amounts) -> Element:
    return E.totalConImpuestos(
        *(
            E.totalImpuesto(
                E.codigo("2"),
                E.codigoPorcentaje(_RATE_CODES[row.rate]),
                E.baseImponible(str(row.base)),
                E.valor(str(row.amount)),
            )
            for row in money.rows
        )
    )


def _details(money: Amounts, code: str = "codigoPrincipal") -> Element:
    return E.detalles(
        *(
            E.detalle(
                E(code, line.code),
                E.descripcion(line.text),
                E.cantidad(f"{line.quantity:.6f}"),
                E.precioUnitario(f"{line.price:.6f}"),
                E.descuento("0.00"),
                E.precioTotalSinImpuesto(str(line.net)),
                E.impuestos(
                    E.impuesto(
                        E.codigo("2"),
                        E.codigoPorcentaje(_RATE_CODES[line.rate]),
                        E.tarifa(str(line.rate)),
                        E.baseImponible(str(line.net)),
                        E.valor(str(cents(line.net * line.rate / 100))),
                    )
                ),
            )
            for line in money.lines
        )
    )
