"""Liveness for the load balancer, and readiness with each thing that this replica depends on."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from prickle.contract.errors import ChatError
from prickle.contract.gateway import Rate
from prickle.contract.http import Reply, Request, Route
from prickle.contract.payload import Payload

HEALTH_RATE = Rate(per_s=50, burst=200)

Check = Callable[[], Awaitable[None]]


class Seen(Payload):
    """As whom and under which address a request arrives here, so that proxies in between can be checked."""

    address: str
    origin: str


def health_routes(checks: Mapping[str, Check], gateway_state: Callable[[], Mapping[str, Any]]) -> list[Route]:
    """Return `/health`, 200 while the process serves, and `/health/ready`, 503 when one of `checks` raises."""

    async def live(_: Request) -> Reply:
        return Reply(b'{"status":"ok"}')

    async def ready(_: Request) -> Reply:
        states = {name: await _state(check) for name, check in checks.items()}
        is_ready = all(state == "ok" for state in states.values())
        status = "ready" if is_ready else "not ready"
        body = {"status": status, "dependencies": states, "gateway": dict(gateway_state())}
        return Reply(orjson.dumps(body), status=200 if is_ready else 503)

    async def seen(request: Request) -> Reply:
        return Reply(Seen(address=request.remote, origin=request.origin), headers={"Cache-Control": "no-store"})

    return [
        Route(
            "GET", "/health", live, result=dict, auth="none", rate=HEALTH_RATE, summary="Whether the process serves."
        ),
        Route(
            "GET",
            "/health/ready",
            ready,
            result=dict,
            auth="none",
            rate=HEALTH_RATE,
            summary="Whether everything it depends on answers, and how full the link is.",
        ),
        Route(
            "GET",
            "/health/seen",
            seen,
            result=Seen,
            auth="none",
            rate=HEALTH_RATE,
            summary="As whom, and under which address, the server sees who asks: to check the proxies in between.",
        ),
    ]


async def _state(check: Check) -> str:
    try:
        await check()
    except ChatError as error:
        return error.code
    return "ok"
