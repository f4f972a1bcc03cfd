"""Everything that may be said to a client about what went wrong: eight closed kinds, open codes."""

from typing import Any, ClassVar


class ChatError(Exception):
    """An expected failure. Services raise it, the edges turn it into the error object, nothing in between catches it.

    `code` is `<plugin>.<reason>` and belongs to the plugin that raises; `message` is safe to show to anybody.
    `details` holds plain JSON values. `retry_after_s` is set where waiting helps.
    """

    kind: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, code: str, message: str, *, retry_after_s: float | None = None, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_after_s = retry_after_s
        self.details = details

    def to_wire(self, trace_id: str) -> dict[str, Any]:
        """Return the error object of every HTTP body and every ack."""
        details = self.details
        if self.retry_after_s is not None:
            details = {**details, "retry_after_s": round(self.retry_after_s, 3)}
        return {
            "kind": self.kind,
            "code": self.code,
            "message": self.message,
            "details": details,
            "trace_id": trace_id,
        }


class InvalidInput(ChatError):
    """The request does not have the declared shape, or a value is out of its bounds."""

    kind, status = "invalid_input", 400


class Unauthenticated(ChatError):
    """No token, or one that is expired, revoked or forged."""

    kind, status = "unauthenticated", 401


class Forbidden(ChatError):
    """The caller may see the thing but not do this to it."""

    kind, status = "forbidden", 403


class NotFound(ChatError):
    """No such thing, or not for the caller: the two are never distinguished."""

    kind, status = "not_found", 404


class Conflict(ChatError):
    """The thing has changed, or exists already."""

    kind, status = "conflict", 409


class RateLimited(ChatError):
    """Too much at once; `retry_after_s` says when it is free again."""

    kind, status = "rate_limited", 429


class Unavailable(ChatError):
    """Something that this needs is away for now; nothing was done, trying again is right."""

    kind, status = "unavailable", 503


class Internal(ChatError):
    """A defect on the server; the log has more under the trace id."""

    kind, status = "internal", 500

    def __init__(self, code: str = "core.internal", message: str = "Something broke on our side.") -> None:
        super().__init__(code, message)
