"""The routes under `/docs`: the page and the two documents, built at the first request and kept."""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import orjson

from prickle.apidocs.asyncapi import asyncapi_document
from prickle.apidocs.declarations import Declarations
from prickle.apidocs.page import CONTENT_SECURITY_POLICY, documentation_page
from prickle.contract.http import Reply, Request, Route

PAGE_HEADERS = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "X-Content-Type-Options": "nosniff"}


def documentation_routes(declared: Callable[[], Declarations]) -> list[Route]:
    """Return the routes; `declared` is asked at the first request, when everything has been declared."""
    return [
        Route(
            "GET",
            "/docs",
            _page(declared),
            auth="none",
            summary="This API, for people.",
        ),
        Route(
            "GET",
            "/docs/openapi.json",
            _document(lambda: _openapi(declared())),
            result=dict,
            auth="none",
            summary="The routes as OpenAPI 3.1.",
        ),
        Route(
            "GET",
            "/docs/asyncapi.json",
            _document(lambda: asyncapi_document(declared())),
            result=dict,
            auth="none",
            summary="The socket commands and notices as AsyncAPI 3.",
        ),
    ]


def _openapi(declared: Declarations) -> dict[str, Any]:
    from prickle.apidocs.openapi import openapi_document  # sanic-ext takes 200 ms to import: not at every start

    return openapi_document(declared)


def _page(declared: Callable[[], Declarations]) -> Callable[[Request], Awaitable[Reply]]:
    page = cache(lambda: documentation_page(declared()).encode())

    async def answer(_: Request) -> Reply:
        return Reply(page(), headers=PAGE_HEADERS, content_type="text/html; charset=utf-8")

    return answer


def _document(build: Callable[[], object]) -> Callable[[Request], Awaitable[Reply]]:
    document = cache(lambda: orjson.dumps(build()))

    async def answer(_: Request) -> Reply:
        return Reply(document(), content_type="application/json")

    return answer
