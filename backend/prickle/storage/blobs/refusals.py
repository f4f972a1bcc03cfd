"""What a store of blobs says when it cannot do what it is asked for."""

import errno

from prickle.contract.blobs import BlobsFull
from prickle.contract.errors import Unavailable

NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def unavailable(cause: BaseException | None = None) -> Unavailable:
    """Return what `cause` means to who asks: no room, or a store that is away."""
    if isinstance(cause, OSError) and cause.errno in NO_ROOM:
        return BlobsFull()
    return Unavailable("core.store_unavailable", "The file store is not available.", retry_after_s=5)
