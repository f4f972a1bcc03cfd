"""The settings of files."""

from typing import Annotated

from pydantic import Field

from prickle.contract.settings import Section

MIB = 2**20


class FileSettings(Section):
    """`plugins.files`."""

    max_file_bytes: Annotated[int, Field(ge=1, description="Largest file that is taken.")] = 25 * MIB
    max_guest_bytes: Annotated[int, Field(ge=1, description="All files of one guest together.")] = 500 * MIB
    max_room_bytes: Annotated[
        int,
        Field(ge=1, description="All files of one room together; above nine tenths the oldest go at the next sweep."),
    ] = 2048 * MIB
    max_server_bytes: Annotated[
        int, Field(ge=1, description="All files together; above it the oldest go at the next sweep.")
    ] = 50 * 1024 * MIB
    max_waiting_files: Annotated[
        int, Field(ge=1, le=1000, description="Uploads of one guest that are in no message yet.")
    ] = 50
    min_free_bytes: Annotated[
        int, Field(ge=0, description="No upload is taken while the store has less room than this.")
    ] = 500 * MIB
    retention_days: Annotated[int, Field(ge=0, description="Age at which files go; 0 keeps them.")] = 30
    unsent_ttl_s: Annotated[int, Field(ge=60, description="How long an upload may wait for its message.")] = 24 * 3600
    access_ttl_s: Annotated[int, Field(ge=10, le=86400, description="How long a key for showing files is good.")] = 900
    direct_links: Annotated[
        bool,
        Field(
            description="Let browsers read all but pictures from the S3 store itself, past this server and its load balancer."
        ),
    ] = False
    sweep_interval_s: Annotated[float, Field(ge=1, description="Seconds between two sweeps.")] = 300
    max_image_pixels: Annotated[int, Field(ge=1, description="Larger images get no thumbnail.")] = 50_000_000
    image_time_limit_s: Annotated[float, Field(gt=0, description="Longest time for one image.")] = 10
    image_memory_mb: Annotated[int, Field(ge=128, description="Most memory for one image.")] = 1024
