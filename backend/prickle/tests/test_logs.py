"""Log lines, whatever becomes of them."""

import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")

LOGGING = """
import structlog
from prickle.config.settings import LogSettings
from prickle.logs import configure_logs
configure_logs(LogSettings())
for _ in range(3):
    structlog.get_logger().error("something")
print("still here")
"""


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
def test_a_full_disk_under_the_log_stops_nobody_who_logs() -> None:
    with FULL.open("wb") as full:
        ended = subprocess.run([sys.executable, "-c", LOGGING], stdout=subprocess.PIPE, stderr=full, check=False)
    assert ended.stdout == b"still here\n"
