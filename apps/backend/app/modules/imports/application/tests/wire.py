"""A wire between the site's processes and a server that can be cut, slowed, silenced, or change what is sent."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    Change = Callable[[bytes], bytes]

_BLOCK: Final = 65_536
_GRACE: Final = 0.2


class Cut(Exception):
    """Raised by a change: the connection is cut here, before or after ``sent`` has gone out to the server."""

    def __init__(self, sent: bytes = b"") -> None:
        super().__init__("cut")
        self.sent = sent


class Wire:
    """Forwards from a port of its own, in a thread, to a TCP port or a Unix socket.

    ``change`` makes, for each connection, what is applied to the bytes of the client.
    """

    def __init__(self, server: int | Path) -> None:
        self._server_at = server
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="wire")
        self._listener: asyncio.Server | None = None
        self._visits: set[asyncio.Task[None]] = set()
        self.port = 0
        self.delay = 0.0
        self.silent = False
        self.change: Callable[[], Change] | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.shut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def open(self) -> None:
        self._do(self._listen())

    def shut(self) -> None:
        """Whoever is connected is cut off, and nobody gets in."""
        self._do(self._close())

    def _do(self, work: Coroutine[object, object, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self) -> None:
        if self._listener is None:
            self._listener = await asyncio.start_server(self._visit, "127.0.0.1", self.port)
            self.port = self._listener.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
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
        inward, outward = await self._reach()
        change = self.change() if self.change else bytes
        ways = [
            asyncio.create_task(self._pump(reader, outward, change)),
            asyncio.create_task(self._pump(inward, writer, bytes)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            outward.close()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._server_at, int):
            return await asyncio.open_connection("127.0.0.1", self._server_at)
        return await asyncio.open_unix_connection(str(self._server_at))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, change: Change) -> None:
        with suppress(OSError):
            while data := await reader.read(_BLOCK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                if self.silent:
                    continue
                try:
                    writer.write(change(data))
                except Cut as cut:
                    await self._cut(writer, cut)
                    return
                await writer.drain()

    async def _cut(self, writer: asyncio.StreamWriter, cut: Cut) -> None:
        # What is sent takes effect at the server; its answer reaches nobody, because both ways end with this one.
        if cut.sent:
            writer.write(cut.sent)
            await writer.drain()
            await asyncio.sleep(_GRACE)
