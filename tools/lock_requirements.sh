#!/usr/bin/env bash
# Turns requirements/*.in into *.txt with hashes. Nothing of this machine gets into them: no index, no path.
set -euo pipefail
cd "$(dirname "$0")/.."
export CUSTOM_COMPILE_COMMAND="make lock"
for set in base test dev; do
    .venv/bin/pip-compile --quiet "$@" --generate-hashes --allow-unsafe --strip-extras \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
        --output-file "requirements/$set.txt" "requirements/$set.in"
done
