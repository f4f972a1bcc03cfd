"""Checks a list of migrations against the declared collections."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from prickle.contract.documents import Migration
from prickle.storage.documents.errors import StoreRefused


def by_collection(migrations: Iterable[Migration], declared: Iterable[str]) -> Mapping[str, Sequence[Migration]]:
    """Return each collection's migrations in order; a collection without any has an empty list.

    Raises:
        StoreRefused: a collection that nobody declares, or numbers that are not 1, 2, 3, ...
    """
    names = set(declared)
    grouped: defaultdict[str, list[Migration]] = defaultdict(list)
    for migration in migrations:
        if migration.collection not in names:
            raise StoreRefused(f"migration of {migration.collection}: no such collection is declared")
        grouped[migration.collection].append(migration)
    for name, listed in grouped.items():
        listed.sort(key=lambda migration: migration.number)
        if [migration.number for migration in listed] != list(range(1, len(listed) + 1)):
            raise StoreRefused(f"{name}: migrations must be numbered 1, 2, 3, ... without gaps")
    return grouped


def pending(name: str, version: int, migrations: Sequence[Migration]) -> Sequence[Migration]:
    """Return what is still to be applied to data of this version.

    Raises:
        StoreRefused: the data is newer than this program.
    """
    if version > len(migrations):
        raise StoreRefused(
            f"{name}: its data has schema {version}, this version knows {len(migrations)};"
            " start the newer version again, or go back to a copy of the data from before the upgrade"
        )
    return migrations[version:]
