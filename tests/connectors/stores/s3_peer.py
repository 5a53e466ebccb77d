"""A server that speaks S3, for tests: moto, in an environment of its own. Prints its port; ends with its input."""

from __future__ import annotations

import sys

from moto.server import ThreadedMotoServer

server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)  # noqa: T201 - this is how the test learns it
sys.stdin.read()
server.stop()
