"""What is wrong with one value: a stable code, raised where it is read and collected where rows are put together."""

from __future__ import annotations


class ValueProblem(ValueError):
    """``code`` is stable and public; ``detail`` says what would help and holds no document content. ``field`` is the
    path that it is told of, where whoever collects it does not know; None where that is the whole row.
    """

    def __init__(self, code: str, detail: str = "", field: str | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.field = field
