"""The deployment's secret: given, or generated once and kept beside the data."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from prickle.config.refusal import Refusal


def deployment_secret(given: str, data_dir: Path) -> bytes:
    """Return the secret; a generated one is in `data_dir/secret`, readable by its owner alone.

    Raises:
        Refusal: the file cannot be read or made.
    """
    if given:
        return given.encode()
    path = data_dir / "secret"
    try:
        with suppress(FileExistsError):
            _keep(path, secrets.token_urlsafe(48))
        secret = path.read_bytes().strip()
    except OSError as error:
        raise Refusal(f"the secret in {path} cannot be kept: {error.strerror or error}") from error
    if len(secret) < 32:
        raise Refusal(
            f"the secret in {path} is too short: remove the file to have a new one made (all guests sign in anew)"
        )
    return secret


def _keep(path: Path, secret: str) -> None:
    """Write it whole or not at all: another replica that starts now must not read half of it."""
    # A name of its own: replicas in containers share the folder and have the same process id.
    descriptor, draft = tempfile.mkstemp(prefix="secret.", dir=path.parent)  # mode 600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        Path(draft).unlink()
