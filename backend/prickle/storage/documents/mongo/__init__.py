"""The documents port on a MongoDB server; the driver stays in here."""
