"""The last step before a foreign program: takes on limits, then becomes that program.

`python -m studyhub.content.bounded_command <memory bytes> <seconds> <largest file> <program> <argument>…`
"""

from __future__ import annotations

import os
import resource
import sys

if __name__ == "__main__":
    memory_bytes, seconds, file_bytes = (int(number) for number in sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606  # nosec B606
