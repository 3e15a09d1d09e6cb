"""Everything that means harm goes in over HTTP, ends in a clear word, and the invoice beside it is published."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.conftest import new_tenant
from app.database import Database
from app.embedded import template_database
from app.main import create_app
from app.modules.imports.web.tests.conftest import Caller, new_key
from app.modules.imports.web.tests.hostile_files import READ, Hostile, hostile_files, invoice
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.embedded import EmbeddedPostgres

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the test client works with httpx as well as with its successor
    from fastapi.testclient import TestClient

SECRET = "the-text-of-a-file-that-nobody-sent"
GENERATOR = Path(__file__).parents[8] / "shared" / "corpus" / "hostile" / "make_hostile.py"
PAGES_ARE_SLOW = ("names/", "lying/no", "lying/double", "mail/", "dup/", "bank/n43-million")
UNCLEAR = {"unexpected_error", "resource", "time_limit", "attempts_exhausted", "lease_expired"}


@dataclass
class Ended:
    """What came of one upload."""

    ends: frozenset[str]
    refused: str | None = None
    items: list[dict[str, Any]] = field(default_factory=list)

    @property
    def word(self) -> str:
        if self.refused is not None:
            return self.refused
        return str(self.items[0]["code"] or (READ if self.items[0]["state"] == "published" else self.items[0]["state"]))

    @property
    def classes(self) -> set[str]:
        """In the words of the shared manifest. What its first stage refuses was parsed by nobody."""
        state = self.items[0]["state"] if self.items else "preprocess_failed"
        if state == "published":
            return {"accepted_with_warning"}
        waits = {"accepted_with_warning"}  # for a person, with its findings
        by_state = {"preprocess_failed": {"rejected"}, "validate_failed": waits, "publish_failed": waits}
        return {"item_failed"} | by_state.get(state, set())


@dataclass
class Site:
    """A running application of one tenant, and the folder it works in."""

    caller: Caller
    folder: Path
    said: list[str] = field(default_factory=list)

    def send(self, uploads: Iterable[Hostile]) -> dict[str, Ended]:
        """Every upload with a good invoice after it, all in one batch."""
        batch, ended, kept = self.caller.new_batch(), {}, []
        for number, upload in enumerate(uploads):
            answer = self._post(batch, upload.name, upload.content)
            ended[upload.name] = Ended(upload.ends, answer.get("code"))
            kept += [] if "code" in answer else [upload.name]
            assert "code" not in self._post(batch, "good.xml", invoice(f"GOOD-{batch[:8]}-{number}"))
            kept.append("")
        self._wait(batch)
        self._collect(batch, kept, ended)
        return ended

    def _post(self, batch: str, name: str, content: bytes) -> dict[str, Any]:
        # By hand, as no client writes such names; escaped as browsers do (HTML, multipart/form-data encoding algorithm).
        shown = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A").encode("utf-8", "surrogatepass")
        head = b'--hostile-7Q\r\nContent-Disposition: form-data; name="files"; filename="%b"\r\n' % shown
        body = head + b"Content-Type: application/pdf\r\n\r\n" + content + b"\r\n--hostile-7Q--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=hostile-7Q"}
        answer = self.caller.call("POST", f"/batches/{batch}/files", content=body, headers=headers)
        assert answer.status_code in {200, 413, 422}
        self.said.append(answer.text)
        found: dict[str, Any] = answer.json()
        return found

    def _wait(self, batch: str) -> None:
        until = time.monotonic() + 100
        while not self.caller.get(f"/batches/{batch}/status").json()["finished"]:
            assert time.monotonic() < until
            time.sleep(0.1)

    def _collect(self, batch: str, kept: Sequence[str], ended: dict[str, Ended]) -> None:
        top: dict[str, str] = {}
        for item in self._items(batch):
            if item["parent_id"] is None:
                name = top[item["id"]] = kept[item["position"]]
                assert name or item["state"] == "published", "a neighbour was harmed"
                place = 0
            else:
                name, place = top.get(item["parent_id"], ""), 1
            if name:
                ended[name].items.insert(0 if place == 0 else len(ended[name].items), item)
                detail = self.caller.get(f"/items/{item['id']}")
                self.said.append(detail.text)
                item["attempts"] = detail.json()["attempts"]

    def _items(self, batch: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = self.caller.get(
                f"/batches/{batch}/items", params={"limit": 200} | ({"cursor": cursor} if cursor else {})
            )
            found += page.json()["items"]
            cursor = page.json()["next_cursor"]
            if cursor is None:
                return sorted(found, key=lambda item: (item["parent_id"] is not None, item["position"]))


@pytest.fixture(scope="module")
def site(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One application for all cases: what harms it would be seen in those that follow."""
    folder = tmp_path_factory.mktemp("hostile")
    template_database(postgres, "imports_test_hostile", "imports_template")
    dsn = postgres.dsn("imports_test_hostile", "imports_app")
    config = Settings(
        IMPORTS_ENABLED=True,
        IMPORTS_ENV="production",
        DB_DSN=dsn,
        IMPORTS_DATA_DIR=folder / "data",
        IMPORTS_SWEEP_SECONDS=0.5,
        IMPORTS_BACKOFF_SECONDS=0.1,
        IMPORTS_JWT_SECRET="a secret of the tests, long enough to be one",
        IMPORTS_REQUESTS_PER_MINUTE=100_000,
    )
    database = Database(dsn, pool_size=2)
    tenant = new_tenant(database)
    app = create_app(config)
    with TestClient(app) as client:
        yield Site(Caller(client, app, tenant, new_key(database, tenant)), folder)
    database.close()


@pytest.fixture(scope="module")
def sent(site: Site) -> dict[str, Ended]:
    secret = site.folder / "secret.txt"
    secret.write_text(SECRET)
    return site.send(hostile_files(secret))


def test_every_hostile_file_ends_in_the_word_for_it(sent: dict[str, Ended]) -> None:
    assert len(sent) > 100
    assert {name: ended.word for name, ended in sent.items() if ended.word not in ended.ends} == {}


def test_no_file_costs_a_retry_without_saying_why(sent: dict[str, Ended]) -> None:
    attempts = [attempt["code"] for ended in sent.values() for item in ended.items for attempt in item["attempts"]]
    assert attempts
    assert not UNCLEAR & set(attempts)


def test_nothing_from_outside_a_file_and_nothing_of_the_program_gets_into_an_answer(
    site: Site, sent: dict[str, Ended]
) -> None:
    assert sent
    said = "\n".join(site.said)
    for leak in (SECRET, "Traceback", str(site.folder), "site-packages", "999999.99"):
        assert leak not in said


def test_what_is_infected_is_not_served_again(site: Site, sent: dict[str, Ended]) -> None:
    [item, *_] = sent["eicar.zip"].items
    assert site.caller.get(f"/items/{item['id']}/file").status_code == 409


def test_a_name_is_never_a_path_and_never_a_header_of_its_own(site: Site, sent: dict[str, Ended]) -> None:
    for name in ("../../../etc/cron.d/x.xml", "x.xml\r\nSet-Cookie: a=b", "factura\u202elmx.exe", "a" * 300 + ".xml"):
        [item] = sent[name].items
        answer = site.caller.get(f"/items/{item['id']}/file")
        disposition = answer.headers["content-disposition"]
        assert disposition.startswith("attachment;")
        assert not {"/", "\\"} & set(disposition.partition("''")[2] or disposition.partition("filename=")[2])
        assert "set-cookie" not in answer.headers
        assert len(item["file_name"]) <= 255
        assert "\u202e" not in item["file_name"]
    stored = {
        path.relative_to(site.folder / "data" / "files").parts[0]
        for path in (site.folder / "data").rglob("*")
        if path.is_file() and "files" in path.parts
    }
    assert stored == {str(site.caller.tenant_id)}


def test_the_members_of_an_archive_that_point_elsewhere_are_only_named_so(sent: dict[str, Ended]) -> None:
    container, *members = sent["crossing.zip"].items
    assert container["kind"] == "container"
    assert [member["state"] for member in members] == ["published"] * 3


def test_nothing_is_left_lying_about(site: Site, sent: dict[str, Ended]) -> None:
    assert sent
    assert not list((site.folder / "data" / "files" / ".incoming").iterdir())
    assert not [
        path for path in (site.folder / "data" / "derived").rglob("*") if path.is_file() and path.suffix != ".gz"
    ]


def test_hidden_words_are_not_read_but_told_of(site: Site, sent: dict[str, Ended]) -> None:
    detail = site.caller.get(f"/items/{sent['hidden-words.pdf'].items[0]['id']}").json()
    assert detail["document"]["totals"]["gross"] == "121.00"
    assert "hidden_text" in [finding["code"] for finding in detail["findings"]]


if GENERATOR.is_file():

    def test_the_shared_hostile_files_end_as_their_manifest_says(site: Site) -> None:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, str(GENERATOR), folder, "--skip-slow"], check=True, capture_output=True)
            manifest = json.loads((Path(folder) / "manifest.json").read_text("utf-8"))
            chosen = [case for case in manifest if not case["file"].startswith(PAGES_ARE_SLOW)]
            ended = site.send(
                Hostile(name=case["file"], content=(Path(folder) / case["file"]).read_bytes(), ends=frozenset())
                for case in chosen
            )
        wrong = {
            case["file"]: ended[case["file"]].word
            for case in chosen
            if not ended[case["file"]].classes & {case["expect"], *case.get("also_ok", ())}
        }
        assert not wrong
        assert not UNCLEAR & {end.word for end in ended.values()}
        assert "CANARY" not in "\n".join(site.said)
