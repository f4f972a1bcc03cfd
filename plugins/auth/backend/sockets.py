"""The socket command of guest identity."""

from plugins.auth.backend.payloads import TokenUpdate, TokenUpdated
from plugins.auth.backend.sessions import Sessions
from prickle.contract.gateway import Command, Connection, Rate


def auth_update(sessions: Sessions) -> Command[TokenUpdate]:
    """Return `auth.update`, with which a socket outlives the token that it came with."""

    async def update(connection: Connection, payload: TokenUpdate) -> TokenUpdated:
        identity = await sessions.authenticate(payload.token)
        connection.renew(identity)
        return TokenUpdated(expires_at=identity.expires_at)

    return Command(
        "auth.update",
        TokenUpdate,
        update,
        result=TokenUpdated,
        rate=Rate(per_s=0.2, burst=10),
        summary="Go on with a renewed token of the same guest and session.",
    )
