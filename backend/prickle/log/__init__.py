"""The room log: numbered, durable entries per room, and their notices to everybody who has the room open."""
