"""Checks that the services of a size fit its machine: `python3 ops/compose/sizes.py free`. Only the standard library."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "sizes"
SERVICES = {"MONGODB": 1, "REDIS": 1, "BACKEND": 2, "MINIO": 1, "NGINX": 1, "FRONTEND": 1}
"""How many containers of each there are."""
SYSTEM_BYTES = 3 * 1024**3 // 2
"""What the system, Docker, a backup and the certificate's renewal need beside them."""
UNITS = {"m": 1024**2, "g": 1024**3}


def read(size: str) -> dict[str, str]:
    """Return the lines of `sizes/<size>.env`."""
    lines = (FOLDER / f"{size}.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def memory_bytes(text: str) -> int:
    """Read `1536m` or `4g`."""
    return int(text[:-1]) * UNITS[text[-1]]


def misfits(values: dict[str, str]) -> list[str]:
    """Return what does not fit: memory must never be promised twice; processors may, beyond what is reserved."""
    machine_bytes = memory_bytes(values["MACHINE_MEMORY"])
    limit_bytes = sum(memory_bytes(values[f"{name}_MEMORY"]) * count for name, count in SERVICES.items())
    reserved_cpus = sum(float(values[f"{name}_RESERVED_CPUS"]) * count for name, count in SERVICES.items())
    found = []
    if limit_bytes + SYSTEM_BYTES > machine_bytes:
        found.append(
            f"memory limits are {limit_bytes / 1024**3:g} GiB, and with 1.5 for the system more than {values['MACHINE_MEMORY']}"
        )
    if reserved_cpus > float(values["MACHINE_CPUS"]):
        found.append(f"{reserved_cpus:g} CPUs are reserved, of {values['MACHINE_CPUS']}")
    for name in SERVICES:
        if memory_bytes(values[f"{name}_RESERVED_MEMORY"]) > memory_bytes(values[f"{name}_MEMORY"]):
            found.append(f"{name} reserves more memory than it may use")
    return found


def main() -> int:
    """Print one line; return the exit code."""
    size = sys.argv[1]
    found = misfits(read(size))
    print(f"Size {size}: {'; '.join(found) or 'fits its machine'}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
