"""The review console as a bookkeeper uses it: a real browser on the real application with a real database."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import reportlab
import uvicorn
from PIL import Image, ImageDraw, ImageFont

from app.main import create_app
from app.modules.imports.usecases.keys import create_key
from app.modules.imports.usecases.mappings import create_mapping
from app.security import Role
from app.tests.webdriver import Browser, browser, missing_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from app.modules.imports.usecases.house import House
    from app.settings import Settings

pytestmark = pytest.mark.skipif(missing_program() is not None, reason=f"not installed: {missing_program()}")

GOOD_TAX_ID = "B29423548"
BAD_TAX_ID = "B29423549"
INVOICE = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-03-02</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
 <cbc:Note>{note}</cbc:Note><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cac:AccountingSupplierParty><cac:Party>
  <cac:PostalAddress><cac:Country><cbc:IdentificationCode>ES</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
  <cac:PartyTaxScheme><cbc:CompanyID>ES{tax_id}</cbc:CompanyID>
   <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>Talleres Roble, S.L.</cbc:RegistrationName></cac:PartyLegalEntity>
 </cac:Party></cac:AccountingSupplierParty>
 <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">210.00</cbc:TaxAmount><cac:TaxSubtotal>
  <cbc:TaxableAmount currencyID="EUR">1000.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">210.00</cbc:TaxAmount>
  <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent>
   <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>
 </cac:TaxSubtotal></cac:TaxTotal>
 <cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">1000.00</cbc:TaxExclusiveAmount>
  <cbc:TaxInclusiveAmount currencyID="EUR">1210.00</cbc:TaxInclusiveAmount>
  <cbc:PayableAmount currencyID="EUR">1210.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
</Invoice>
"""
SCANNED = (
    ("FACTURA", "Número: FV-2026/118", "Fecha: 02/03/2026", "Talleres Roble, S.L.", f"NIF: {GOOD_TAX_ID}",
     "Cliente: Huerta Valdelirio, S.L.", "NIF: B00141424", "Página 1 de 2"),
    ("Número: FV-2026/118", "Reparación de motor      1.000,00", "Base imponible      1.000,00", "IVA 21%      210,00",
     "TOTAL FACTURA      1.210,00 €", "Página 2 de 2"),
)  # fmt: skip
MARKS = {"decimal_mark": ",", "date_order": "dmy"}
HOSTILE = "&lt;img src=x onerror=document.title='broken-in'&gt;"
DROP = """
const transfer = new DataTransfer();
for (const [name, text] of Object.entries(arguments[0])) transfer.items.add(new File([text], name));
dispatchEvent(new DragEvent('drop', {dataTransfer: transfer, cancelable: true}));
"""


@pytest.fixture
def console(house: House, config: Settings) -> Iterator[str]:
    """Address of the console, served by a server of its own."""
    app = create_app(config)
    app.state.house = house
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", ws="none", log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/console/"
    server.should_exit = True
    server.force_exit = True
    thread.join()


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Browser]:
    with browser(tmp_path / "profile", "es") as opened:
        yield opened


def key_of(house: House, tenant: UUID, role: Role = Role.REVIEWER) -> str:
    with house.database.tenant_session(tenant) as session:
        return create_key(session, name="console", role=role, actor="test").key


def enter(window: Browser, console: str, key: str) -> None:
    window.open(console)
    window.type("#key", key)
    window.click("#sign-in")
    window.wait_for("#sign-out")


def invoice_files(folder: Path) -> dict[str, Path]:
    written = {}
    for name, tax_id in (("clean", GOOD_TAX_ID), ("doubtful", BAD_TAX_ID)):
        written[name] = folder / f"{name}.xml"
        written[name].write_text(INVOICE.format(number=f"R-{name}", tax_id=tax_id, note=HOSTILE), encoding="utf-8")
    return written


def row_of(file: Path, state: str) -> str:
    """A script that says whether the list shows the file in the state."""
    return f"""return [...document.querySelectorAll('#items tr[data-state="{state}"] a')].some(a => a.textContent === '{file.name}')"""


def test_files_are_dropped_doubts_corrected_and_everything_is_published(
    house: House, tenant: UUID, console: str, window: Browser, tmp_path: Path
) -> None:
    enter(window, console, key_of(house, tenant))
    files = invoice_files(tmp_path)
    window.type(".drop-zone input[type=file]", "\n".join(str(path) for path in files.values()))
    window.wait_until(row_of(files["clean"], "published"))
    window.wait_until(row_of(files["doubtful"], "validate_failed"))

    window.click('tr[data-state="validate_failed"] a')
    assert BAD_TAX_ID in window.text("#findings")
    window.wait_until("return document.querySelector('#original pre')?.textContent.includes(arguments[0])", HOSTILE)
    assert window.run("return document.title") != "broken-in"
    field = '#fields [data-path="supplier.tax_id"] input'
    window.wait_for('#fields .doubtful[data-path="supplier.tax_id"]')
    window.clear(field)
    window.type(field, GOOD_TAX_ID)
    window.click("#save")

    window.wait_for('#state[data-state="published"]')
    assert "invoices" in window.text("#publication")
    assert GOOD_TAX_ID in window.text('#fields [data-path="supplier.tax_id"]')
    assert "Una persona" in window.text('#fields [data-path="supplier.tax_id"]')
    with house.database.tenant_session(tenant) as session:
        published = session.execute("SELECT invoice_number, gross FROM invoices ORDER BY invoice_number")
    assert [(row["invoice_number"], str(row["gross"])) for row in published] == [
        ("R-clean", "1210.00"),
        ("R-doubtful", "1210.00"),
    ]
    assert window.complaints() == []


def test_a_wrong_key_is_refused_in_words_and_kept_nowhere(console: str, window: Browser) -> None:
    window.open(console)
    window.type("#key", "giq_nobody")
    window.click("#sign-in")
    window.wait_until("return document.querySelector('#key-error').innerText !== ''")
    assert "no es válida" in window.text("#key-error")
    assert window.run("return sessionStorage.length + document.cookie.length") == 0
    window.click(".switch button[lang=en]")
    assert window.text("#sign-in") == "Sign in"


def test_an_amount_that_could_mean_two_things_is_asked_about_and_not_sent(
    house: House, tenant: UUID, console: str, window: Browser, tmp_path: Path
) -> None:
    enter(window, console, key_of(house, tenant))
    window.type(".drop-zone input[type=file]", str(invoice_files(tmp_path)["doubtful"]))
    window.click('tr[data-state="validate_failed"] a')
    field = '#fields [data-path="totals.gross"] input'
    window.clear(field)
    window.type(field, "1.210")
    window.click("#save")
    window.wait_for(f"{field}[aria-invalid=true]")
    assert "¿1210 o 1,2100?" in window.text('#fields [data-path="totals.gross"] .fault')
    assert window.text("#state").endswith("Espera revisión")


def test_what_a_viewer_may_not_do_is_said_with_the_code_of_the_problem(
    house: House, tenant: UUID, console: str, window: Browser, tmp_path: Path
) -> None:
    enter(window, console, key_of(house, tenant, Role.VIEWER))
    assert "Todavía no hay lotes" in window.text(".empty")
    window.type(".drop-zone input[type=file]", str(invoice_files(tmp_path)["clean"]))
    assert "forbidden" in window.text("#notices .bad")


def test_the_console_runs_nothing_but_its_own_files(console: str, window: Browser) -> None:
    window.open(console)
    window.wait_for("#key")
    loaded = window.run("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert loaded
    assert all(name.startswith(console) for name in loaded)
    window.run(
        "const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.head.append(s)"
    )
    assert window.run("return window.broken === undefined")


def test_files_dropped_on_a_batch_are_added_to_it_and_a_refused_one_is_named(
    house: House, tenant: UUID, console: str, window: Browser, tmp_path: Path
) -> None:
    enter(window, console, key_of(house, tenant))
    files = invoice_files(tmp_path)
    window.type(".drop-zone input[type=file]", str(files["clean"]))
    window.wait_until(row_of(files["clean"], "published"))
    window.run(DROP, {"second.xml": files["doubtful"].read_text(encoding="utf-8"), "nothing.pdf": ""})
    window.wait_until(row_of(tmp_path / "second.xml", "validate_failed"))
    assert "nothing.pdf" in window.text(".refusals")
    assert window.text("#summary .figures").split()[1:4:2] == ["2", "1"]
    window.run(
        "dispatchEvent(new KeyboardEvent('keydown', {key: 'j'})); dispatchEvent(new KeyboardEvent('keydown', {key: 'j'}))"
    )
    assert window.run("return document.activeElement.textContent") == "second.xml"


def test_what_is_not_wanted_is_discarded_taken_back_and_duplicates_are_discarded_together(
    house: House, tenant: UUID, console: str, window: Browser, tmp_path: Path
) -> None:
    enter(window, console, key_of(house, tenant))
    files = invoice_files(tmp_path)
    window.type(".drop-zone input[type=file]", "\n".join(str(path) for path in files.values()))
    window.wait_until(row_of(files["clean"], "published"))
    window.click('tr[data-state="validate_failed"] a')
    window.click("#discard")
    window.wait_for('#state[data-state="discarded"]')
    window.click("#restore")
    window.wait_for('#state[data-state="validate_failed"]')
    window.click("#discard")
    window.wait_for('#state[data-state="discarded"]')
    window.click(".back a")
    window.wait_until(row_of(files["doubtful"], "discarded"))
    window.run(DROP, {"again.xml": files["clean"].read_text(encoding="utf-8")})
    window.wait_until(row_of(tmp_path / "again.xml", "preprocess_failed"))
    window.run("document.querySelector('tr[data-state=preprocess_failed] a').click()")  # a notice may lie over it
    assert window.text("#findings a") == "Ver el otro elemento"
    window.click("#findings a")
    window.wait_for('#state[data-state="published"]')
    window.click(".back a")
    window.click("#discard-duplicates:not([hidden])")
    window.wait_until(row_of(tmp_path / "again.xml", "discarded"))
    window.click('[data-filter="discarded"]')
    window.wait_until("return document.querySelectorAll('#items tbody tr').length === 2")
    assert "Terminado" in window.text("#summary")
    assert window.complaints() == []


def test_a_list_is_one_request_and_the_batch_is_saved_as_a_workbook(
    house: House, tenant: UUID, console: str, window: Browser, tmp_path: Path
) -> None:
    enter(window, console, key_of(house, tenant))
    files = invoice_files(tmp_path)
    window.type(".drop-zone input[type=file]", "\n".join(str(path) for path in files.values()))
    window.wait_until(row_of(files["clean"], "published"))
    window.wait_until(row_of(files["doubtful"], "validate_failed"))
    listed = window.text('#items tr[data-state="validate_failed"]')
    assert "Talleres Roble, S.L." in listed
    assert "R-doubtful" in listed
    assert "1.210,00 EUR" in listed
    assert BAD_TAX_ID in listed
    loaded = "return performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname)"
    assert not [path for path in window.run(loaded) if "/items/" in path]
    window.click("#export")
    window.wait_until(f"return (() => {{{loaded}}})().some(path => path.endsWith('/export'))")
    window.wait_until("return !document.querySelector('#export').disabled")
    assert window.complaints() == []


def test_a_table_that_nobody_can_read_is_given_one_of_the_tenants_mappings(
    house: House, tenant: UUID, console: str, window: Browser, tmp_path: Path
) -> None:
    columns = {"invoice_number": "uno", "issue_date": "dos", "totals.gross": "tres", "supplier.name": "cuatro"}
    with house.database.tenant_session(tenant) as session:
        create_mapping(session, "Gastos de la gestoría", {"target": "expense", "columns": columns, **MARKS}, "ana")
    table = tmp_path / "gastos.csv"
    table.write_text("uno;dos;tres;cuatro\nG-1;02/03/2026;12,10;Talleres Roble\n", encoding="utf-8")
    enter(window, console, key_of(house, tenant))
    window.type(".drop-zone input[type=file]", str(table))
    window.click('#items tr[data-state="extract_failed"] a')
    offered = "return (document.querySelector('#mapping-needed')?.textContent ?? '').includes('Gastos de la gestoría')"
    window.wait_until(offered)
    window.click("#give-mapping")
    window.wait_for('#state[data-state="published"]')
    with house.database.tenant_session(tenant) as session:
        [expense] = session.execute("SELECT number, total FROM expenses")
    assert (expense["number"], str(expense["total"])) == ("G-1", "12.10")
    assert window.complaints() == []


def invoice_scan(path: Path) -> Path:
    """A TIFF of two pages, which no browser shows: the totals stand on the second."""
    title = ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), 34)
    pages = []
    for lines in SCANNED:
        page = Image.new("L", (1240, 1754), "white")
        for row, line in enumerate(lines):
            ImageDraw.Draw(page).text((120, 120 + 90 * row), line, fill="black", font=title)
        pages.append(page)
    pages[0].save(path, save_all=True, append_images=pages[1:], compression="tiff_deflate")
    return path


def box_on_picture(path: str) -> str:
    """A script that answers the pointed box as shares of the picture, once the field was clicked."""
    return f"""
    const field = document.querySelector('#fields [data-path="{path}"]');
    (field.querySelector('input') ?? field).click();
    const [box, all] = [document.querySelector('.boxes .pointed'), document.querySelector('.boxes')];
    if (!box) return null;
    const view = all.viewBox.baseVal, at = box.getBBox();
    return [at.x / view.width, at.y / view.height, (at.x + at.width) / view.width, (at.y + at.height) / view.height];
    """


def test_a_field_shows_its_place_on_the_page_of_a_scan_that_no_browser_could_show(
    house: House, tenant: UUID, console: str, window: Browser, tmp_path: Path
) -> None:
    enter(window, console, key_of(house, tenant))
    scan = invoice_scan(tmp_path / "escaneo.tif")
    window.type(".drop-zone input[type=file]", str(scan))
    window.click('#items tr:is([data-state="validate_failed"], [data-state="published"]) a')
    window.wait_for('#original .picture[data-page="1"]')
    assert window.run("return document.querySelector('#original img').naturalWidth") > 1000
    window.wait_until(f"return (() => {{{box_on_picture('invoice_number')}}})() !== null")
    left, top, right, bottom = window.run(box_on_picture("invoice_number"))
    assert 0.09 < left < right < 0.6
    assert 0.1 < top < bottom < 0.16

    window.wait_until(f"return (() => {{{box_on_picture('totals.gross')}}})() !== null")
    window.wait_for('#original .picture[data-page="2"]')
    assert "2 de 2" in window.text(".pager")
    assert window.run("return document.querySelectorAll('.boxes .proven').length") > 2
    window.run("document.querySelector('.boxes .proven').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    assert window.run("return document.activeElement.closest('[data-path]') !== null")
    assert window.complaints() == []
