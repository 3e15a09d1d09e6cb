"""Products of a price list or catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.destinations.recordset import insert_rows
from app.modules.imports.destinations.row_identity import row_id
from app.modules.imports.domain.canonical import DocumentType, Product
from app.modules.imports.ports import Publication, Published

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from app.modules.imports.ports import SqlSession

# fmt: off
_COLUMNS = {
    "id": "uuid", "source_item_id": "uuid", "sku": "text", "name": "text", "description": "text",
    "unit_price": "numeric", "cost": "numeric", "tax_rate": "numeric", "stock": "numeric", "unit": "text",
    "barcode": "text", "category": "text",
}
# fmt: on


class ProductDestination:
    """Table ``products``."""

    name = "products"
    accepts = frozenset({DocumentType.PRODUCT})

    def publish(self, items: Sequence[Publication], session: SqlSession) -> Sequence[Published]:
        insert_rows(session, self.name, _COLUMNS, [_row(p) for p in items], "source_item_id")
        return [Published(item_id=p.item_id, table=self.name, row_id=_row_id(p)) for p in items]


def _row_id(publication: Publication) -> UUID:
    return row_id(publication.item_id, "products")


def _row(publication: Publication) -> dict[str, object]:
    product = publication.document.product or Product()
    own = {"id": _row_id(publication), "source_item_id": publication.item_id}
    return own | {name: getattr(product, name) for name in _COLUMNS if name not in own}


DESTINATION = ProductDestination()
