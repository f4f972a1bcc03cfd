"""Compares two exports, whatever engines they came from: `python3 compare.py A.zip B.zip`. Only the standard library."""

import json
import sys
import zipfile
from pathlib import Path

HEAD = "prickle.json"


def contents(path: Path) -> dict[str, object]:
    """Return documents by collection, and the checksum of each file."""
    found: dict[str, object] = {}
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.filename.endswith(".jsonl"):
                documents = [json.loads(line) for line in archive.read(entry).splitlines()]
                found[entry.filename] = sorted(json.dumps(document, sort_keys=True) for document in documents)
            elif entry.filename != HEAD:
                found[entry.filename] = (entry.file_size, entry.CRC)
    return found


def main() -> int:
    """Say whether they hold the same; return the exit code."""
    first, second = (contents(Path(name)) for name in sys.argv[1:3])
    different = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    for name in different:
        print(f"Not the same: {name}", file=sys.stderr)
    if not different:
        count = sum(len(one) for one in first.values() if isinstance(one, list))
        print(f"The same: {count:,} documents and {sum(isinstance(one, tuple) for one in first.values()):,} files.")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
