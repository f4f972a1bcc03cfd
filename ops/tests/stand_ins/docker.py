"""A stand-in for `docker`: it hands its arguments to whoever listens on a socket, and ends as the answer says."""

import json
import os
import socket
import sys

with socket.socket(socket.AF_UNIX) as connection:
    connection.connect(os.environ["STAND_IN_SOCKET"])
    request = {"version": os.environ.get("PRICKLE_VERSION", ""), "arguments": sys.argv[1:]}
    connection.sendall(json.dumps(request).encode() + b"\n")
    answer = json.loads(connection.makefile().readline())
print(answer["output"])
sys.exit(answer["code"])
