"""One reader under the fuzzer (libFuzzer through atheris): ``python -m fuzz.target READER FINDINGS SEEDS… [-flags]``.

What a reader may raise is ``Terminal`` (``Unreadable``, ``Unsupported``); anything else is kept with its input under
FINDINGS, once per place in the code, and the hunt goes on. A crash of native code or a hang ends the process: the
fuzzer then leaves the input there too.
"""

from __future__ import annotations

import hashlib
import io
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import atheris

with atheris.instrument_imports(include=["app.modules.imports", "mt940", "stdnum"], enable_loader_override=False):
    from app.modules.imports import plugins
    from app.modules.imports.domain.canonical_json import to_json
    from app.modules.imports.domain.errors import Terminal
    from app.modules.imports.formats.probing import probe_file
    from app.modules.imports.mapping.table_documents import read_table_rows
    from app.modules.imports.ports import Documents, Members, Pages, Tables

from fuzz.xml_mutation import mutated_xml

if TYPE_CHECKING:
    from app.modules.imports.ports import Content, Reader

_MOST_ROWS = 500
_MOST_PAGES = 2
_BYTES_ONE_IN = 4
"""Of this many inputs one has its bytes changed, whatever it is."""


def main() -> None:
    """Fuzz until the flags say stop."""
    name, findings, *flags = sys.argv[1:]
    reader, kept = plugins.readers()[name], Path(findings)

    def try_input(data: bytes) -> None:
        try:
            _read(reader, data)
        except Terminal:
            return
        except Exception as error:  # noqa: BLE001  (whatever else a reader raises is what is looked for)
            _keep(kept, data, error)

    atheris.Setup([sys.argv[0], *flags], try_input, custom_mutator=_mutate)
    atheris.Fuzz()


def _mutate(data: bytes, most_bytes: int, seed: int) -> bytes:
    changed = mutated_xml(data, most_bytes, seed) if seed % _BYTES_ONE_IN else None
    return atheris.Mutate(data, most_bytes) if changed is None else changed


def _read(reader: Reader, data: bytes) -> None:
    file = io.BytesIO(data)
    probe = probe_file(file, f"input.{reader.name}")
    reader.score(probe)
    file.seek(0)
    _look_at_all(reader.read(file, probe))


def _look_at_all(content: Content) -> None:
    """Content is read when it is asked for, so all of it is."""
    match content:
        case Documents(documents=found):
            for document in found:
                to_json(document)
        case Tables(tables=tables):
            for table in tables:
                for _, _ in zip(range(_MOST_ROWS), read_table_rows(table), strict=False):
                    pass
        case Members(members=members):
            for _ in members:
                pass
        case Pages(source=source):
            source.attachments()
            for number in range(min(source.count, _MOST_PAGES)):
                _look_at_page(source, number + 1)


def _look_at_page(source: Any, number: int) -> None:  # noqa: ANN401  (a PageSource)
    source.text_page(number)
    source.render(number)


def _keep(folder: Path, data: bytes, error: Exception) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    place = "\n".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[1:])
    name = f"{type(error).__name__}-{hashlib.sha256(place.encode()).hexdigest()[:12]}"
    if not (folder / name).exists():
        (folder / name).write_bytes(data)
        (folder / f"{name}.txt").write_text(f"{place}\n{error!r}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
