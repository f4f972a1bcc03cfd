"""The two forms of every ack."""

import orjson

from prickle.contract.errors import ChatError
from prickle.contract.payload import Payload

EMPTY_ACK = b'{"ok":true,"data":{}}'


def success(result: Payload | None) -> bytes:
    """Return `{"ok":true,"data":...}`; unset fields are left out."""
    if result is None:
        return EMPTY_ACK
    return b'{"ok":true,"data":' + result.model_dump_json(exclude_none=True).encode() + b"}"


def failure(error: ChatError, trace_id: str) -> bytes:
    """Return `{"ok":false,"error":...}`."""
    return orjson.dumps({"ok": False, "error": error.to_wire(trace_id)})
