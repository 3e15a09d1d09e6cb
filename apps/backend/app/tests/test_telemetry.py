"""Metrics over several real processes, and logs that give nothing away."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog

from app.modules.imports.domain.errors import Unreadable
from app.telemetry import configure_logging

if TYPE_CHECKING:
    from collections.abc import Iterator

BACKEND = Path(__file__).parents[2]

COUNTING = """
    import sys
    from pathlib import Path
    from app import telemetry
    telemetry.prepare_multiprocess(Path(sys.argv[1]), clear="clear" in sys.argv)
    for _ in range(int(sys.argv[2])):
        telemetry.count_item("t1", "invoice", "published")
        telemetry.observe_task("imports.ocr", "t1", 0.3)
    telemetry.observe_ocr("t1", 1.5)
    telemetry.count_error("imports.ocr", "t1", "pdf_unreadable")
"""
STAYING = (
    COUNTING
    + """
    print("counted", flush=True)
    sys.stdin.read()
"""
)
SCRAPING = """
    import sys
    from pathlib import Path
    from app import telemetry
    if len(sys.argv) > 1:
        telemetry.prepare_multiprocess(Path(sys.argv[1]), clear=False)
    telemetry.count_item("t2", "receipt", "failed")
    depth = telemetry.Reading(
        name="imports_queue_depth", meaning="Due items", labels=("queue",), values={("imports_ocr",): 7})
    page, kind = telemetry.render([depth])
    print(kind)
    print(page.decode())
"""


def run(code: str, *arguments: object) -> str:
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, cwd=BACKEND, check=True, capture_output=True, text=True).stdout


def samples(page: str) -> dict[str, float]:
    lines = (line.rpartition(" ") for line in page.splitlines() if line and not line.startswith(("#", "text/")))
    return {name: float(value) for name, _, value in lines}


ITEMS = 'imports_items_processed_total{doc_type="invoice",status="published",tenant_id="t1"}'


def test_a_scrape_sums_a_living_and_an_ended_process(tmp_path: Path) -> None:
    run(COUNTING, tmp_path, 3, "clear")
    command = [sys.executable, "-c", textwrap.dedent(STAYING), str(tmp_path), "4"]
    with subprocess.Popen(command, cwd=BACKEND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as living:
        assert living.stdout is not None
        assert living.stdout.readline() == "counted\n"
        seen = [samples(run(SCRAPING, tmp_path)) for _ in range(2)]
        living.communicate()
    for page in (*seen, samples(run(SCRAPING, tmp_path))):
        assert page[ITEMS] == 7
        assert page['imports_task_duration_seconds_count{task_name="imports.ocr",tenant_id="t1"}'] == 7
        assert page['imports_task_duration_seconds_sum{task_name="imports.ocr",tenant_id="t1"}'] == pytest.approx(2.1)
        assert page['imports_task_duration_seconds_bucket{le="0.5",task_name="imports.ocr",tenant_id="t1"}'] == 7
        assert page['imports_ocr_latency_seconds_count{tenant_id="t1"}'] == 2
        assert page['imports_errors_total{error_type="pdf_unreadable",task_name="imports.ocr",tenant_id="t1"}'] == 2
        assert page['imports_queue_depth{queue="imports_ocr"}'] == 7


def test_processes_that_ended_leave_their_numbers_but_not_their_files(tmp_path: Path) -> None:
    for _ in range(5):
        run(COUNTING, tmp_path, 2)
    assert samples(run(SCRAPING, tmp_path))[ITEMS] == 10
    left = {path.name for path in tmp_path.glob("*.db")}
    assert {"counter_0.db", "histogram_0.db"} <= left
    assert len(left) <= 4  # and those of the process that scraped


def test_a_start_clears_what_the_last_one_counted(tmp_path: Path) -> None:
    run(COUNTING, tmp_path, 3)
    run(COUNTING, tmp_path, 1, "clear")
    assert samples(run(SCRAPING, tmp_path))[ITEMS] == 1


def test_a_single_process_needs_no_directory() -> None:
    page = run(SCRAPING)
    assert page.startswith("text/plain")
    assert samples(page)['imports_items_processed_total{doc_type="receipt",status="failed",tenant_id="t2"}'] == 1
    assert "_created" not in page


def test_preparing_too_late_is_an_error_and_not_a_silent_loss(tmp_path: Path) -> None:
    code = "import prometheus_client\n" + textwrap.dedent(COUNTING)
    with pytest.raises(subprocess.CalledProcessError) as caught:
        run(code, tmp_path, 1)
    assert "imported already" in caught.value.stderr


# --------------------------------------------------------------------------------------------------------------- logs


@pytest.fixture
def logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


@pytest.mark.usefixtures("logging_restored")
def test_production_logs_are_one_json_object_a_line_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(production=True)
    structlog.get_logger("imports").info("file stored", name="a\nERROR forged\r\u2028.pdf", size=3)
    logging.getLogger("some.library").warning("said %s", "x\ny")
    own, foreign = (json.loads(line) for line in lines(capsys))
    assert own["name"] == "a\\nERROR forged\\r\\u2028.pdf"
    assert own["timestamp"].endswith("Z")
    assert (own["level"], own["logger"], own["size"]) == ("info", "imports", 3)
    assert (foreign["event"], foreign["logger"]) == ("said x\\ny", "some.library")


@pytest.mark.usefixtures("logging_restored")
@pytest.mark.parametrize("production", [True, False])
def test_no_value_of_a_document_and_no_secret_is_logged(
    capsys: pytest.CaptureFixture[str], *, production: bool
) -> None:
    configure_logging(production=production)
    structlog.get_logger().info("x", text="IBAN ES91", raw={"total": "121"}, token="t0p", part=b"IBAN", long="z" * 9999)
    (line,) = lines(capsys)
    for secret in ("IBAN", "121", "t0p", "z" * 600):
        assert secret not in line
    assert "4 bytes" in line


@pytest.mark.usefixtures("logging_restored")
def test_an_exception_says_where_but_does_not_quote(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(production=True)
    try:
        try:
            int("ES91 2100")
        except ValueError as error:
            raise Unreadable("bad_value", "line 3") from error
    except Unreadable:
        structlog.get_logger().exception("reading failed")
    (line,) = lines(capsys)
    assert "ES91" not in line
    described = json.loads(line)["exception"]
    assert [part["type"] for part in described] == ["Unreadable", "ValueError"]
    assert described[0]["message"] == "bad_value: line 3"
    assert "test_telemetry.py" in described[1]["where"][0]


@pytest.mark.usefixtures("logging_restored")
def test_the_server_that_logs_for_itself_is_made_to_withhold_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = logging.getLogger("uvicorn.error")
    server.setLevel(logging.INFO)
    monkeypatch.setattr(server, "handlers", [logging.StreamHandler(sys.stdout)])
    monkeypatch.setattr(server, "propagate", False)
    configure_logging(production=True)
    try:
        int("ES91 2100")
    except ValueError:
        server.exception("Exception in ASGI application")
    (line,) = lines(capsys)
    assert "ES91" not in line
    assert json.loads(line)["logger"] == "uvicorn.error"


@pytest.mark.usefixtures("logging_restored")
def test_development_logs_keep_to_one_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(production=False)
    structlog.get_logger().info("stored", name="a\n2026-01-01 [error] forged")
    assert len(lines(capsys)) == 1
