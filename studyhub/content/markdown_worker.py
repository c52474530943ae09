"""The child process of `rendering`: one JSON message a line in, one a line out, until standard input ends."""

import json
import math
import resource
import signal
import sys
from dataclasses import asdict
from typing import Any

from studyhub.content.markdown_html import render

MAX_OUTPUT_CHARACTERS = 4_000_000


def answer(texts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_one(text) for text in texts]


def _one(text: dict[str, Any]) -> dict[str, Any]:
    try:
        rendered = render(**text)
    except MemoryError:
        raise  # the process may be in any state: let it end and be replaced
    except Exception as error:  # noqa: BLE001 - hostile input may trip the libraries anywhere
        return {"fault": type(error).__name__}
    if len(rendered.html) > MAX_OUTPUT_CHARACTERS:
        return {"fault": "output"}
    return asdict(rendered)


def main(memory_bytes: int, time_limit_s: float) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    for line in sys.stdin:
        # The parent ends a slow worker itself; the alarm is for a parent that is gone.
        signal.alarm(math.ceil(time_limit_s) + 1)
        reply = json.dumps(answer(json.loads(line)))
        signal.alarm(0)
        sys.stdout.write(reply + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
