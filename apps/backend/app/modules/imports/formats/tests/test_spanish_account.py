"""The IBAN that follows from a Spanish account's parts."""

from __future__ import annotations

import pytest
from stdnum import iban
from stdnum.es import ccc

from app.modules.imports.formats.spanish_account import iban_of


@pytest.mark.parametrize(
    ("bank", "branch", "account"),
    [("2100", "0418", "0200051332"), ("0049", "1500", "0123456789"), ("9999", "0000", "0000000000")],
)
def test_control_digits_and_check_digits_hold(bank: str, branch: str, account: str) -> None:
    computed = iban_of(bank, branch, account)

    assert computed is not None
    assert iban.is_valid(computed)
    assert ccc.is_valid(computed[4:])


@pytest.mark.parametrize("account", ["", "12345", "12345678901", "ABCDEFGHIJ", "١٢٣٤٥٦٧٨٩٠"])
def test_no_iban_is_made_up_for_what_is_no_account(account: str) -> None:
    assert iban_of("2100", "0418", account) is None
