"""A test kit for plugins: the real server on a free port, with guests who speak HTTP and Socket.IO to it.

```python
async def test_everybody_in_the_room_gets_the_message(tmp_path):
    async with running_chat(tmp_path) as chat:
        ann = await chat.guest("Ann")
        device = await ann.connect()
        ack = await device.call("rooms.join", {"room": room})
```
"""

from prickle.testing.chat import Answer, Chat, Guest, running_chat
from prickle.testing.device import Device, Gone

__all__ = ["Answer", "Chat", "Device", "Gone", "Guest", "running_chat"]
