"""A form of files: few short fields beside the files, and all text in UTF-8 (RFC 7578)."""

from __future__ import annotations

from typing import Any, Final

from python_multipart.multipart import parse_options_header

from app.modules.imports.web.problems import Problem
from app.modules.imports.web.strict_json import StrictRequest

_MOST_FIELDS: Final = 20
_MOST_FIELD_BYTES: Final = 4 * 1024
_UTF_8: Final = frozenset({b"", b"utf-8", b"utf8", b"us-ascii", b"ascii"})


class FormRequest(StrictRequest):
    """A request whose form is decoded by no code that its sender chose: some take quadratic time."""

    def form(self, *, max_files: int | float = 1000, **_limits: Any) -> Any:  # noqa: ANN401, PYI041  (the framework's own signature)
        """Raises ``Problem`` 415 for text in another code than UTF-8; the framework answers 400 beyond its limits."""
        _, options = parse_options_header(self.headers.get("content-type"))
        if options.get(b"charset", b"").strip().lower() not in _UTF_8:
            raise Problem(415, "media_type_unsupported", "the text of a form is UTF-8")
        return super().form(max_files=max_files, max_fields=_MOST_FIELDS, max_part_size=_MOST_FIELD_BYTES)
