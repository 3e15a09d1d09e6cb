"""Whose a file is, so that no child that has read something of one tenant ever reads, or answers for, another's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_TENANT: Final = len("00000000-0000-0000-0000-000000000000")


def one_owner(path: Path) -> str:
    """For a command that a person runs on files of his own."""
    del path
    return ""


def tenants_below(*folders: Path) -> Callable[[Path], str]:
    """What lies in these folders begins with the id of its tenant. A file elsewhere shares its child with no other."""

    def owner_of(path: Path) -> str:
        for folder in folders:
            if path.is_relative_to(folder):
                return path.relative_to(folder).parts[0][:_TENANT]
        return str(path)

    return owner_of
