"""Chooses the engines by the URLs in the settings: embedded without any, real servers with them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prickle.config.refusal import Refusal
from prickle.config.settings import Settings
from prickle.contract.documents import Migration, Model
from prickle.contract.plugin import Logger
from prickle.contract.ports import Clock
from prickle.limits import MemoryRateLimits, NoRateLimits, RateLimits
from prickle.storage.blobs import FolderBlobs
from prickle.storage.bus.memory import MemoryBus
from prickle.storage.bus.port import Bus
from prickle.storage.documents import SqliteDocuments, StoreRefused
from prickle.storage.documents.mongo.adapter import MongoDocuments
from prickle.storage.leases.memory import MemoryLeases
from prickle.storage.leases.port import SharedLeases

if TYPE_CHECKING:
    from prickle.storage.blobs.s3 import S3Blobs

FILES_FOLDER = "files"
DATABASE_FILE = "prickle.db"
DEFAULT_DATABASE = "prickle"


@dataclass(frozen=True, slots=True)
class Schema:
    """Every declared collection, and how older documents become what is declared now."""

    models: Sequence[type[Model]]
    migrations: Sequence[Migration]


@dataclass(slots=True)
class Engines:
    """What keeps documents, tells other replicas, and counts."""

    documents: SqliteDocuments | MongoDocuments
    blobs: "FolderBlobs | S3Blobs"
    bus: Bus
    leases: SharedLeases
    rates: RateLimits

    async def open(self) -> None:
        """Raises:
        Refusal: one of them cannot be used.
        """
        opened: list[SqliteDocuments | MongoDocuments | FolderBlobs | S3Blobs | Bus | SharedLeases] = []
        for setting, engine in (
            ("documents_url", self.documents),
            ("blobs_url", self.blobs),
            ("bus_url", self.bus),
            ("bus_url", self.leases),
        ):
            try:
                with _refused_by_name(setting):
                    await engine.open()
            except Refusal:
                for earlier in reversed(opened):
                    await earlier.close()
                raise
            opened.append(engine)

    async def close(self) -> None:
        await self.rates.close()
        await self.leases.close()
        await self.bus.close()
        await self.blobs.close()
        await self.documents.close()


@contextmanager
def _refused_by_name(setting: str) -> Iterator[None]:
    """Drivers raise whatever they like at an address that they cannot read, with the password in its text or not."""
    try:
        yield
    except Refusal:
        raise
    except StoreRefused as error:
        raise Refusal(str(error)) from error
    except Exception as error:
        raise Refusal(f"setting storage.{setting}: no address that can be used ({type(error).__name__})") from error


def choose_engines(settings: Settings, schema: Schema, clock: Clock, bus: Bus | None, logger: Logger) -> Engines:
    """Return the engines that the settings name, not opened yet; `bus`, if given, is used in any case."""
    with _refused_by_name("documents_url"):
        documents = _documents(settings, schema)
    with _refused_by_name("blobs_url"):
        blobs = _blobs(settings)
    with _refused_by_name("bus_url"):
        bus = bus or _bus(settings, logger)
        return Engines(documents, blobs, bus, _leases(settings, bus, logger), _rates(settings, clock))


def _documents(settings: Settings, schema: Schema) -> SqliteDocuments | MongoDocuments:
    url = settings.storage.documents_url.get_secret_value()
    if not url:
        return SqliteDocuments(settings.storage.data_dir / DATABASE_FILE, schema.models, schema.migrations)
    if not url.startswith(("mongodb://", "mongodb+srv://")):
        raise Refusal("setting storage.documents_url: it must begin with mongodb://")
    name = url.partition("://")[2].partition("/")[2].partition("?")[0]
    return MongoDocuments(url, name or DEFAULT_DATABASE, schema.models, schema.migrations)


def _blobs(settings: Settings) -> "FolderBlobs | S3Blobs":
    url = settings.storage.blobs_url.get_secret_value()
    if not url:
        return FolderBlobs(settings.storage.data_dir / FILES_FOLDER)
    from prickle.storage.blobs.s3 import S3Blobs  # importing minio takes 150 ms

    try:
        return S3Blobs(url)
    except StoreRefused as error:
        raise Refusal(f"setting {error}") from error


def _bus(settings: Settings, logger: Logger) -> Bus:
    url = _redis_url(settings)
    if not url:
        return MemoryBus()
    from prickle.storage.bus.redis import RedisBus  # importing redis takes longer than the rest of an embedded start

    return RedisBus(url, logger)


def _leases(settings: Settings, bus: Bus, logger: Logger) -> SharedLeases:
    url = _redis_url(settings)
    if isinstance(bus, MemoryBus) or not url:
        return MemoryLeases(bus.hub.leases if isinstance(bus, MemoryBus) else None)
    from prickle.storage.leases.redis import RedisLeases  # as above

    return RedisLeases(url, logger)


def _rates(settings: Settings, clock: Clock) -> RateLimits:
    if not settings.limits.enabled:
        return NoRateLimits()
    url = _redis_url(settings)
    if not url:
        return MemoryRateLimits(clock)
    from prickle.limits.redis import RedisRateLimits  # as above

    return RedisRateLimits(url, clock)


def _redis_url(settings: Settings) -> str:
    url = settings.storage.bus_url.get_secret_value()
    if url and not url.startswith(("redis://", "rediss://")):
        raise Refusal("setting storage.bus_url: it must begin with redis://")
    return url
