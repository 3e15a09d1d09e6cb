"""A door in front of the broker that a test can shut: whoever is connected is cut off, and nobody gets in."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Coroutine


class BrokerGate:
    """Forwards TCP from a port of its own to the broker, in a thread. ``url`` leads through it."""

    def __init__(self, broker_url: str) -> None:
        self._broker = urlsplit(broker_url)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="broker-gate")
        self._server: asyncio.Server | None = None
        self._visits: set[asyncio.Task[None]] = set()
        self._port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        credentials = self._broker.netloc.rpartition("@")[0]
        return self._broker._replace(netloc=f"{credentials}@127.0.0.1:{self._port}").geturl()

    def open(self) -> None:
        self._do(self._listen())

    def close(self) -> None:
        self._do(self._shut())

    def _do(self, work: Coroutine[object, object, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._visit, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        visits = list(self._visits)
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.current_task()
        assert visit is not None
        self._visits.add(visit)
        try:
            await self._forward(reader, writer)
        except (OSError, asyncio.CancelledError):
            return  # swallowed: a task of a server that ends as cancelled is reported as an error
        finally:
            self._visits.discard(visit)
            writer.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inward, outward = await asyncio.open_connection(self._broker.hostname, self._broker.port)
        ways = [asyncio.create_task(_pump(reader, outward)), asyncio.create_task(_pump(inward, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            outward.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
