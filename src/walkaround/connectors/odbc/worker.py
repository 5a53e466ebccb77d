"""The process that holds an ODBC driver. Run as a script, it knows nothing of walkaround.

A driver may abort the process that it lives in, and so it lives in one of its own. Requests come as lines of JSON on
standard input, the login among them, so that no secret is an argument. Answers go to standard output: a line of JSON,
and after it as many bytes of Arrow as the line says. What a driver prints goes to standard error.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any, BinaryIO

BATCH_ROWS = 5_000
BATCH_BYTES = 32 << 20
"""Of the buffer between driver and us, which is as wide as the widest row could be."""


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    connection: Any = None
    for line in requests:
        request = json.loads(line)
        try:
            if request["do"] == "connect":
                connection = _connected(request)
                _say(answers, {"end": True})
            else:
                _stream(connection, request, answers)
        except ModuleNotFoundError as error:
            _say(answers, {"missing": error.name})
        except Exception as error:  # noqa: BLE001 - whatever it is, the other side must hear of it
            _say(answers, {"error": str(error), "kind": type(error).__name__})


def _connected(request: dict[str, Any]) -> Any:
    return importlib.import_module("arrow_odbc").connect(
        request["string"],
        user=request["user"],
        password=request["password"],
        login_timeout_sec=request["seconds"],
    )


def _stream(connection: Any, request: dict[str, Any], answers: BinaryIO) -> None:
    import pyarrow as pa  # noqa: PLC0415 - loads where it is used

    def wide(schema: pa.Schema) -> pa.Schema:
        """Floats as doubles: some drivers call their doubles floats, and cut them."""
        return pa.schema(
            [pa.field(column.name, pa.float64() if column.type == pa.float32() else column.type) for column in schema]
        )

    reader = connection.read_arrow_batches(
        request["sql"],
        batch_size=BATCH_ROWS,
        max_bytes_per_batch=BATCH_BYTES,
        max_text_size=request["text"],
        max_binary_size=request["text"],
        falliable_allocations=True,
        map_schema=wide,
        fetch_concurrently=False,
        query_timeout_sec=request["seconds"],
    )
    _send(answers, pa.RecordBatch.from_pylist([], schema=reader.schema))
    if len(reader.schema):
        for batch in reader:
            _send(answers, batch)
    _say(answers, {"end": True})


def _send(answers: BinaryIO, batch: Any) -> None:
    import pyarrow as pa  # noqa: PLC0415 - loads where it is used

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    content = sink.getvalue()
    _say(answers, {"bytes": content.size}, content)


def _say(answers: BinaryIO, line: dict[str, Any], content: Any = b"") -> None:
    answers.write(json.dumps(line).encode() + b"\n")
    answers.write(content)
    answers.flush()


if __name__ == "__main__":
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, output)
