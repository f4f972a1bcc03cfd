"""The settings of the socket gateway."""

from typing import Annotated, Literal

from pydantic import Field, IPvAnyNetwork

from prickle.contract.settings import Section


class GatewaySettings(Section):
    """`gateway`: how sockets are spoken to, and how much of the link they may use."""

    ping_interval_s: Annotated[
        float, Field(ge=1, le=3600, description="Seconds between two heartbeats of a connection.")
    ] = 25
    ping_timeout_s: Annotated[
        float, Field(ge=1, le=3600, description="Seconds that a client has to answer a heartbeat.")
    ] = 20
    connect_timeout_s: Annotated[
        float, Field(ge=0.1, le=600, description="Seconds that a new connection has to send its Socket.IO CONNECT.")
    ] = 10
    close_timeout_s: Annotated[
        float, Field(ge=0.05, le=60, description="Seconds that a client has to answer a close frame.")
    ] = 2
    max_frame_bytes: Annotated[
        int, Field(ge=1024, le=64 * 2**20, description="Largest packet that a client may send, after decompression.")
    ] = 2 * 2**20
    max_buffer_bytes: Annotated[
        int, Field(ge=16 * 1024, description="Bytes that may wait for one client that reads too slowly; more ends it.")
    ] = 1_000_000
    polling: Annotated[bool, Field(description="Offer HTTP long-polling beside websocket.")] = True
    origins: Annotated[
        tuple[str, ...],
        Field(description="Origins beside the server's own that browsers may connect from; `*` allows all."),
    ] = ()
    trusted_proxies: Annotated[
        tuple[IPvAnyNetwork, ...],
        Field(description="Networks of proxies whose X-Forwarded-For and X-Forwarded-Host are believed."),
    ] = ()
    compression: Annotated[bool, Field(description="Offer permessage-deflate (RFC 7692).")] = True
    compression_memory_mb: Annotated[
        int, Field(ge=1, description="Memory that compressors may take together before rooms share them more eagerly.")
    ] = 256
    link_mbps: Annotated[
        float,
        Field(
            gt=0,
            description="Capacity of the link to the clients, shared by all replicas; on a busy one writes leave no faster.",
        ),
    ] = 10
    link_counts: Annotated[
        Literal["each", "sum"],
        Field(
            description="Whether `link_mbps` holds for each direction, or for both summed (as some load balancers do)."
        ),
    ] = "each"
    replicas: Annotated[int, Field(ge=1, description="Processes that share the link.")] = 1
    max_wait_ms: Annotated[
        int,
        Field(ge=0, le=800, description="Longest that a message waits for others to the same client, on a full link."),
    ] = 600
    max_cpu_wait_ms: Annotated[int, Field(ge=0, le=800, description="The same, when the processor is short.")] = 50
    conformance: Annotated[
        bool, Field(description="Mount echo endpoints for protocol suites under /conformance/. Never in production.")
    ] = False

    @property
    def share_bytes_per_s(self) -> float:
        """What this replica's part of the link carries."""
        return self.link_mbps * 1e6 / 8 / self.replicas
