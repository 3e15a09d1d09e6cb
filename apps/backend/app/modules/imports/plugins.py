"""Finds plug-ins: a module of a plug-in folder that holds the named constant is one.

A module that does not import stops the boot: a country whose rules are silently off is worse than no country.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.modules.imports.domain.country import Country
    from app.modules.imports.ports import Destination, Reader

_ROOT = __name__.rpartition(".")[0]


def _discover(folder: str, constant: str) -> list[object]:
    package = importlib.import_module(f"{_ROOT}.{folder}")
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__) if m.name != "tests")
    modules = [importlib.import_module(f"{_ROOT}.{folder}.{name}") for name in names]
    return [getattr(module, constant) for module in modules if hasattr(module, constant)]


@cache
def readers() -> Mapping[str, Reader]:
    """Readers by name."""
    return {reader.name: reader for reader in cast("list[Reader]", _discover("formats", "READER"))}


@cache
def countries() -> Mapping[str, Country]:
    """Countries by ISO 3166 code."""
    return {country.code: country for country in cast("list[Country]", _discover("countries", "COUNTRY"))}


@cache
def destinations() -> Mapping[str, Destination]:
    """Destinations by name."""
    found = cast("list[Destination]", _discover("destinations", "DESTINATION"))
    return {destination.name: destination for destination in found}
