"""Vouchers of the SRI made for a test: a factura of 100 dollars and 15 % IVA, of which a test changes what it is about."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from app.modules.imports import plugins
from app.modules.imports.formats.probing import probe_file
from app.modules.imports.ports import Documents

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import CanonicalDocument

CLAVE = "0502202601179012345600120010020000001231234567818"


def tax(
    code: str = "2", percent: str = "4", *, base: str = "100.00", rate: str | None = "15", value: str = "15.00", more: str = ""
) -> str:  # fmt: skip
    """What stands in a totalImpuesto or in the impuesto of a detail."""
    stated = f"<tarifa>{rate}</tarifa>" if rate is not None else ""
    return (
        f"<codigo>{code}</codigo><codigoPorcentaje>{percent}</codigoPorcentaje>{more}"
        f"<baseImponible>{base}</baseImponible>{stated}<valor>{value}</valor>"
    )


def detail(net: str, *taxes: str) -> str:
    rows = "".join(f"<impuesto>{row}</impuesto>" for row in taxes)
    return (
        f"<detalle><descripcion>Cosa</descripcion><cantidad>1</cantidad><precioUnitario>{net}</precioUnitario>"
        f"<precioTotalSinImpuesto>{net}</precioTotalSinImpuesto><impuestos>{rows}</impuestos></detalle>"
    )


def factura(
    *taxes: str,
    net: str = "100.00",
    gross: str = "115.00",
    details: tuple[str, ...] = (),
    info: str = "",
    buyer: tuple[str, str] = ("05", "1712345675"),
) -> str:
    """Without an envelope."""
    rows = "".join(f"<totalImpuesto>{row}</totalImpuesto>" for row in (taxes or (tax(),)))
    lines = "".join(details or (detail("100.00", tax()),))
    return (
        '<factura id="comprobante" version="2.1.0">'
        + tributaria("01", CLAVE)
        + f"<infoFactura><fechaEmision>05/02/2026</fechaEmision><tipoIdentificacionComprador>{buyer[0]}"
        f"</tipoIdentificacionComprador><razonSocialComprador>ROSA PEÑA</razonSocialComprador><identificacionComprador>"
        f"{buyer[1]}</identificacionComprador><totalSinImpuestos>{net}</totalSinImpuestos><totalConImpuestos>{rows}"
        f"</totalConImpuestos>{info}<importeTotal>{gross}</importeTotal></infoFactura><detalles>{lines}</detalles></factura>"
    )


def retencion(*rows: tuple[str, str, str], more: str = "") -> str:
    """Of rows of base, percentage and amount."""
    clave = "1402202607179012345600120010020000000041234567818"
    body = "".join(
        f"<impuesto><codigo>1</codigo><codigoRetencion>339</codigoRetencion><baseImponible>{base}</baseImponible>"
        f"<porcentajeRetener>{rate}</porcentajeRetener><valorRetenido>{value}</valorRetenido>{more}</impuesto>"
        for base, rate, value in rows
    )
    return (
        '<comprobanteRetencion id="comprobante" version="1.0.0">'
        + tributaria("07", clave)
        + "<infoCompRetencion><fechaEmision>14/02/2026</fechaEmision><tipoIdentificacionSujetoRetenido>04"
        "</tipoIdentificacionSujetoRetenido><razonSocialSujetoRetenido>ROSA PEÑA</razonSocialSujetoRetenido>"
        "<identificacionSujetoRetenido>1714307103001</identificacionSujetoRetenido></infoCompRetencion>"
        f"<impuestos>{body}</impuestos></comprobanteRetencion>"
    )


def tributaria(kind: str, clave: str) -> str:
    return (
        "<infoTributaria><ambiente>2</ambiente><razonSocial>FERRETERÍA FICTICIA</razonSocial><ruc>1790123456001</ruc>"
        f"<claveAcceso>{clave}</claveAcceso><codDoc>{kind}</codDoc><estab>001</estab><ptoEmi>002</ptoEmi>"
        f"<secuencial>{clave[30:39]}</secuencial></infoTributaria>"
    )


def authorised(text: str, number: str = CLAVE, more: str = "") -> str:
    """The text in the envelope of the SRI."""
    return (
        f"<autorizacion><estado>AUTORIZADO</estado><numeroAutorizacion>{number}</numeroAutorizacion>"
        f"<comprobante>{text}</comprobante>{more}</autorizacion>"
    )


def cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"


def vouchers(text: str) -> tuple[CanonicalDocument, ...]:
    """The documents that the reader of the SRI finds."""
    file = BytesIO(text.encode())
    content = plugins.readers()["sri_xml"].read(file, probe_file(file, "voucher.xml"))
    assert isinstance(content, Documents)
    return tuple(content.documents)


def said(text: str) -> set[str]:
    """What the reader finds in the one voucher, but that nothing proves its authorisation."""
    [document] = vouchers(text)
    return {*document.findings} - {"not_proven_authorised"}
