"""Every HTTP failure as the error object of the contract, whoever noticed it."""

import math
from typing import Any, ClassVar

import orjson
from sanic import HTTPResponse
from sanic import Request as SanicRequest
from sanic.exceptions import MethodNotAllowed, PayloadTooLarge, RequestCancelled, SanicException, ServiceUnavailable
from sanic.exceptions import NotFound as NoRoute
from sanic.handlers import ErrorHandler

from prickle.contract.errors import ChatError, Internal, InvalidInput, NotFound, Unauthenticated, Unavailable
from prickle.contract.plugin import Logger
from prickle.http.webapp import Webapp
from prickle.identifiers import new_trace_id


class TooLarge(InvalidInput):
    """The body is larger than its route takes."""

    status: ClassVar[int] = 413

    def __init__(self, max_bytes: int | None = None) -> None:
        details = {} if max_bytes is None else {"max_bytes": max_bytes}
        super().__init__("core.too_large", "The request is too large.", **details)


class WrongMethod(InvalidInput):
    """The path is there, the method is not."""

    status: ClassVar[int] = 405

    def __init__(self, allowed: str) -> None:
        super().__init__("core.wrong_method", "This address does not take this method.")
        self.allowed = allowed


def error_response(error: ChatError, trace_id: str) -> HTTPResponse:
    """Return the JSON answer for `error`."""
    headers = {"cache-control": "no-store"}
    if error.retry_after_s is not None:
        headers["retry-after"] = str(max(1, math.ceil(error.retry_after_s)))
    if isinstance(error, Unauthenticated):
        headers["www-authenticate"] = "Bearer"
    if isinstance(error, WrongMethod):
        headers["allow"] = error.allowed
    body = orjson.dumps(error.to_wire(trace_id))
    return HTTPResponse(body, status=error.status, headers=headers, content_type="application/json")


class JsonErrors(ErrorHandler):
    """Sanic's last resort for whatever a handler raised. An address that is no route may be a page of the webapp."""

    def __init__(self, logger: Logger, webapp: Webapp) -> None:
        super().__init__()
        self._logger = logger
        self._webapp = webapp

    def default(self, request: SanicRequest, exception: Exception) -> HTTPResponse:
        if isinstance(exception, NoRoute) and request.method in {"GET", "HEAD"}:
            page = self._webapp.answer(request)
            if page is not None:
                return page
        trace_id = new_trace_id()
        error = _told(exception)
        if isinstance(error, Internal):
            route = request.route.path if request and request.route else "?"
            self._logger.error(
                "request_failed", trace_id=trace_id, route=route, error=repr(exception), exc_info=exception
            )
        return error_response(error, trace_id)


def _told(exception: Exception) -> ChatError:
    """Return what may be said about `exception`."""
    known: list[tuple[type[BaseException], Any]] = [
        (NoRoute, lambda: NotFound("core.no_route", "There is nothing at this address.")),
        (MethodNotAllowed, lambda: WrongMethod(getattr(exception, "headers", {}).get("Allow", ""))),
        (PayloadTooLarge, TooLarge),
        (
            RequestCancelled,
            lambda: InvalidInput("core.cut_off", "The connection was cut in the middle of the request."),
        ),
        (ServiceUnavailable, lambda: Unavailable("core.unavailable", "Not now.", retry_after_s=1)),
    ]
    if isinstance(exception, ChatError):
        return exception
    for kind, told in known:
        if isinstance(exception, kind):
            error: ChatError = told()
            return error
    if isinstance(exception, SanicException) and 400 <= exception.status_code < 500:
        return InvalidInput("core.bad_request", "The request is malformed.")
    return Internal()
