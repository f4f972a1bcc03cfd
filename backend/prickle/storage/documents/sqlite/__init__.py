"""The documents port on SQLite: one file, one writer thread with group commit, reader threads on their own connections."""
