#!/usr/bin/env bash
# The whole suite on SQLite and PostgreSQL, browser included, on two workers.
# Arguments go to pytest: tools/run_tests.sh tests/domain -x
set -euo pipefail
cd "$(dirname "$0")/.."
# Work is stolen: else all browser tests, which come last, would wait for one worker.
pytest=(.venv/bin/python -m pytest -n "${STUDYHUB_TEST_WORKERS:-2}" --dist worksteal "$@")

if tools/find_postgresql.sh >/dev/null || [ -n "${STUDYHUB_TEST_POSTGRESQL:-}" ]; then
    STUDYHUB_TEST_ENGINES=${STUDYHUB_TEST_ENGINES:-sqlite,postgresql} tools/with_postgresql.sh "${pytest[@]}"
elif [ "${CI:-}" = true ]; then
    echo "PostgreSQL is missing; in CI that is a failure." >&2
    exit 1
else
    echo "PostgreSQL is missing; running on SQLite only." >&2
    STUDYHUB_TEST_ENGINES=sqlite "${pytest[@]}"
fi
