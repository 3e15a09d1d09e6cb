"""Invoices made at random whose sums hold have nothing said of them; with any total moved, something is."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from app.modules.imports.formats.tests import cii_invoices as cii
from app.modules.imports.formats.tests import sri_vouchers as sri

if TYPE_CHECKING:
    from collections.abc import Sequence

CENT = Decimal("0.01")
AMOUNTS = st.decimals(Decimal("0.01"), Decimal("9999.99"), places=2)
LINES = st.lists(AMOUNTS, min_size=1, max_size=12)
CHANGES = st.lists(st.tuples(AMOUNTS, st.booleans()), max_size=3)
PROFILES = st.sampled_from([cii.EN_16931, cii.EXTENDED])
AT_LEISURE = settings(deadline=None)
"""The first example loads every reader."""
MOVED = st.decimals(Decimal("1.00"), Decimal("500.00"), places=2)


@AT_LEISURE
@given(LINES, CHANGES, st.lists(AMOUNTS, max_size=2), PROFILES, st.sampled_from([1, -1]))
def test_a_cii_whose_sums_hold_is_believed(
    lines: list[Decimal], changes: list[tuple[Decimal, bool]], freight: list[Decimal], profile: str, sign: int
) -> None:
    assert cii.said(_cii([sign * net for net in lines], changes, freight, profile=profile)) == ()


@AT_LEISURE
@given(LINES, CHANGES, st.lists(AMOUNTS, max_size=2), PROFILES, MOVED)
def test_a_cii_whose_gross_is_off_is_not(
    lines: list[Decimal], changes: list[tuple[Decimal, bool]], freight: list[Decimal], profile: str, off: Decimal
) -> None:
    assert "totals_mismatch" in cii.said(_cii(lines, changes, freight, profile=profile, off=off))


@AT_LEISURE
@given(taxed=LINES, free=LINES, ice=AMOUNTS, by_line=st.booleans())
def test_a_factura_whose_sums_hold_is_believed(
    *, taxed: list[Decimal], free: list[Decimal], ice: Decimal, by_line: bool
) -> None:
    assert sri.said(_factura(taxed, free, ice, by_line=by_line)) == set()


@AT_LEISURE
@given(LINES, LINES, AMOUNTS, MOVED)
def test_a_factura_whose_total_or_payment_is_off_is_not(
    taxed: list[Decimal], free: list[Decimal], ice: Decimal, off: Decimal
) -> None:
    assert "totals_mismatch" in sri.said(_factura(taxed, free, ice, off=off))
    assert sri.said(_factura(taxed, free, ice, unpaid=off)) == {"payments_mismatch"}


def _cii(
    lines: Sequence[Decimal],
    changes: Sequence[tuple[Decimal, bool]],
    freight: Sequence[Decimal],
    *,
    profile: str,
    off: Decimal = Decimal(0),
) -> bytes:
    summed = sum(lines, Decimal(0))
    charges = sum((amount for amount, charge in changes if charge), sum(freight, Decimal(0)))
    allowances = sum((amount for amount, charge in changes if not charge), Decimal(0))
    net = summed + charges - allowances
    tax = _share(net, 19)
    gross = net + tax + off
    return cii.invoice(
        f"{net}",
        f"{tax}",
        f"{gross}",
        profile=profile,
        lines="".join(cii.line(f"{each}") for each in lines),
        line_total=f"{summed}",
        settled="".join(cii.change(f"{amount}", charge=charge) for amount, charge in changes)
        + "".join(cii.freight(f"{amount}") for amount in freight),
        sums=f"<ram:ChargeTotalAmount>{charges}</ram:ChargeTotalAmount>"
        f"<ram:AllowanceTotalAmount>{allowances}</ram:AllowanceTotalAmount>",
    )


def _factura(
    taxed: Sequence[Decimal],
    free: Sequence[Decimal],
    ice: Decimal,
    *,
    by_line: bool = False,
    off: Decimal = Decimal(0),
    unpaid: Decimal = Decimal(0),
) -> str:
    """With ICE on the first of the lines that bear IVA, which is rounded by the line or as a whole."""
    bases = [taxed[0] + ice, *taxed[1:]]
    ivas = [_share(base, 15) for base in bases]
    base = sum(bases, Decimal(0))
    iva = sum(ivas, Decimal(0)) if by_line else _share(base, 15)
    net, nothing = sum(taxed, sum(free, Decimal(0))), sum(free, Decimal(0))
    own = sri.tax("3", "3073", base=f"{taxed[0]}", rate="10", value=f"{ice}")
    rows = [sri.tax(base=f"{each}", value=f"{part}") for each, part in zip(bases, ivas, strict=True)]
    details = [sri.detail(f"{taxed[0]}", rows[0], own)]
    details += [sri.detail(f"{each}", row) for each, row in zip(taxed[1:], rows[1:], strict=True)]
    details += [sri.detail(f"{each}", sri.tax(percent="0", base=f"{each}", rate="0", value="0.00")) for each in free]
    gross = net + ice + iva + off
    return sri.factura(
        sri.tax(base=f"{base}", value=f"{iva}"),
        sri.tax(percent="0", base=f"{nothing}", rate="0", value="0.00"),
        own,
        net=f"{net}",
        gross=f"{gross}",
        details=tuple(details),
        info=f"<pagos><pago><formaPago>20</formaPago><total>{gross + unpaid}</total></pago></pagos>",
    )


def _share(base: Decimal, rate: int) -> Decimal:
    return (base * rate / 100).quantize(CENT, ROUND_HALF_UP)
