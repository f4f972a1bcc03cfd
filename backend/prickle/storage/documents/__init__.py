"""The documents port on its engines: SQLite in the data folder, or a MongoDB server."""

from sqlite3 import sqlite_version

from prickle.storage.documents.errors import StoreRefused
from prickle.storage.documents.sqlite.adapter import SqliteDocuments

__all__ = ["SqliteDocuments", "StoreRefused", "sqlite_version"]
