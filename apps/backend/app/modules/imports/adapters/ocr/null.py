"""An engine that reads nothing: for tests, and proof that the seam holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from app.modules.imports.adapters.photo_utils import Flattening
    from app.modules.imports.domain.page import Word


class NullOcrEngine:
    """Every page is blank, and upright."""

    version = "null"

    def quarters(self, picture: NDArray[np.uint8]) -> int:  # noqa: ARG002  (the port's signature)
        return 0

    def read(
        self,
        picture: NDArray[np.uint8],  # noqa: ARG002  (the port's signature)
        flattening: Flattening | None = None,  # noqa: ARG002  (the port's signature)
    ) -> Sequence[Word]:
        return ()
