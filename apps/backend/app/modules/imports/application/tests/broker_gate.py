"""A door in front of the broker that a test can shut: whoever is connected is cut off, and nobody gets in."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.modules.imports.application.tests.wire import Wire


class BrokerGate(Wire):
    """A wire to the broker; ``url`` leads through it."""

    def __init__(self, broker_url: str) -> None:
        self._broker = urlsplit(broker_url)
        assert self._broker.port is not None
        super().__init__(self._broker.port)

    @property
    def url(self) -> str:
        credentials = self._broker.netloc.rpartition("@")[0]
        return self._broker._replace(netloc=f"{credentials}@127.0.0.1:{self.port}").geturl()
