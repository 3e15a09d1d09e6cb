"""A headless Chromium for tests, driven by plain HTTP as the W3C says (https://www.w3.org/TR/webdriver2/)."""

from __future__ import annotations

import shutil
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,900",
)
_PATIENCE_SECONDS: Final = 40.0
_EVERY_SECONDS: Final = 0.1


class Browser:
    """One window. Whatever is looked for is waited for."""

    def __init__(self, client: httpx.Client, session: str) -> None:
        self._client = client
        self._session = session

    def open(self, url: str) -> None:
        self._ask("url", {"url": url})

    def type(self, css: str, text: str) -> None:
        """Keys into an element; a file input takes paths, one a line."""
        self._ask(f"element/{self._element(css)}/value", {"text": text})

    def clear(self, css: str) -> None:
        self._ask(f"element/{self._element(css)}/clear", {})

    def click(self, css: str) -> None:
        self._ask(f"element/{self._element(css)}/click", {})

    def text(self, css: str) -> str:
        """What a person reads there."""
        found: str = self.run("return document.querySelector(arguments[0]).innerText", self.wait_for(css))
        return found

    def wait_for(self, css: str) -> str:
        """Answers with the selector once something is there. Raises ``AssertionError`` when nothing comes."""
        self.wait_until("return document.querySelector(arguments[0]) !== null", css)
        return css

    def wait_until(self, script: str, *arguments: object) -> None:
        """Raises ``AssertionError`` with what the page shows when the script never answers true."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self.run(script, *arguments):
            if time.monotonic() > until:
                shown = self.run("return document.body.innerText")
                raise AssertionError(f"{script} {arguments} stays false; the page shows:\n{shown}")
            time.sleep(_EVERY_SECONDS)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401  (whatever the page answers)
        return self._ask("execute/sync", {"script": script, "args": list(arguments)})

    def complaints(self) -> list[str]:
        """What the page wrote to the console as an error: broken scripts, refused resources."""
        return [entry["message"] for entry in self._ask("se/log", {"type": "browser"}) if entry["level"] == "SEVERE"]

    def _element(self, css: str) -> str:
        reference: str = self._ask("element", {"using": "css selector", "value": self.wait_for(css)})[_ELEMENT]
        return reference

    def _ask(self, command: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401
        response = self._client.post(f"/session/{self._session}/{command}", json=body)
        value = response.json()["value"]
        assert response.is_success, f"{command} {body}: {value}"
        return value


def missing_program() -> str | None:
    """What has to be installed before there can be a browser."""
    if not any(shutil.which(name) for name in _BROWSERS):
        return " or ".join(_BROWSERS)
    return None if shutil.which("chromedriver") else "chromedriver"


@contextmanager
def browser(profile: Path, language: str) -> Iterator[Browser]:
    """A window of a browser of its own, gone afterwards."""
    with _driver() as client:
        answer = client.post(
            "/session", json={"capabilities": {"alwaysMatch": _capabilities(profile, language)}}
        ).json()
        assert "sessionId" in answer["value"], answer["value"]
        session = answer["value"]["sessionId"]
        try:
            yield Browser(client, session)
        finally:
            client.delete(f"/session/{session}")


@contextmanager
def _driver() -> Iterator[httpx.Client]:
    command = [str(shutil.which("chromedriver")), "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        said = next(line for line in process.stdout if "started successfully" in line)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{said.split()[-1].rstrip('.')}", timeout=60) as client:
                yield client
        finally:
            process.terminate()


def _capabilities(profile: Path, language: str) -> dict[str, object]:
    binary = next(path for name in _BROWSERS if (path := shutil.which(name)))
    options = {
        "binary": binary,
        "args": [*_FLAGS, f"--user-data-dir={profile}"],
        "prefs": {"intl.accept_languages": language},
    }
    return {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
