"""``python -m security.supply REQUIREMENTS``: the pinned packages against the advisories that are known of them.

Every package must be pinned with its hashes. Exit 1 when one has no hash or a known vulnerability; where the database
of advisories cannot be reached the line says how many packages nobody could judge.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Judge what was exported from the lock."""
    requirements = Path(sys.argv[1])
    loose = _without_hash(requirements.read_text(encoding="utf-8"))
    found = _audited(requirements)
    vulnerable = {one["name"]: [v["id"] for v in one["vulns"]] for one in found if one.get("vulns")}
    unknown = [one["name"] for one in found if "skip_reason" in one]
    for name, advisories in vulnerable.items():
        sys.stdout.write(f"{name}: {', '.join(advisories)}\n")
    sys.stdout.write(
        f"{len(found)} packages: {len(loose)} without a hash, {len(vulnerable)} with a known vulnerability, "
        f"{len(unknown)} that could not be looked up\n"
    )
    sys.exit(bool(loose or vulnerable or not found))


def _without_hash(requirements: str) -> list[str]:
    entries = [entry for entry in requirements.replace("\\\n", " ").splitlines() if "==" in entry and entry[:1] != "#"]
    return [entry for entry in entries if "--hash=" not in entry]


def _audited(requirements: Path) -> list[dict[str, Any]]:
    program = Path(sys.executable).with_name("pip-audit")
    command = [str(program), "-r", str(requirements), "--disable-pip", "--require-hashes", "--format", "json"]
    done = subprocess.run([*command, "--progress-spinner", "off"], capture_output=True, text=True, check=False)  # noqa: S603  (our own command)
    try:
        dependencies: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        sys.stderr.write(done.stderr[-1000:])
        return []
    return dependencies


if __name__ == "__main__":
    main()
