"""Builds the real servers that some tests run against, once, where Go is installed; without Go those tests are left out."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.port_contract import ferretdb, minio_server

SERVERS = {"FerretDB": ferretdb, "MinIO": minio_server}


def main() -> int:
    """Build what is not there yet; return the exit code."""
    missing = {name: server for name, server in SERVERS.items() if not server.BINARY.exists()}
    if not missing:
        return 0
    if not all(server.is_available() for server in missing.values()):
        print(f"Without Go, the tests against {' and '.join(missing)} are left out.")
        return 0
    print(f"Building {' and '.join(missing)} with Go, once; this takes some minutes.", flush=True)
    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda server: server.build(), missing.values()))
    except subprocess.CalledProcessError as error:
        print(f"It could not be built: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
