"""Codes on paper: the VERI*FACTU QR (AEAT specification 0.5.0) and the clave de acceso as Code 128."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import numpy as np
import zxingcpp
from PIL import Image

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


def verifactu_address(tax_id: str, number: str, issued: date, total: Decimal) -> str:
    """What the QR says: the issuer's tax id, series and number, day and total."""
    stated = {"nif": tax_id, "numserie": number, "fecha": f"{issued:%d-%m-%Y}", "importe": str(total)}
    return f"https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQR?{urlencode(stated)}"


def qr(text: str) -> Image.Image:
    """A QR code of level M."""
    return _picture(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M"), scale=4)


def bars(digits: str) -> Image.Image:
    """A Code 128."""
    return _picture(zxingcpp.create_barcode(digits, zxingcpp.BarcodeFormat.Code128), scale=2)


def _picture(code: zxingcpp.Barcode, scale: int) -> Image.Image:
    return Image.fromarray(np.array(zxingcpp.write_barcode_to_image(code, scale=scale, add_quiet_zones=True)))
