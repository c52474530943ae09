#!/usr/bin/env bash
# What the full suite needs from Debian: a browser, a Japanese font, PostgreSQL. Installs what is missing when it
# may; otherwise names it. In CI (CI=true) something missing is a failure, elsewhere its tests are skipped.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
command -v chromium >/dev/null || missing+=(chromium)
fc-list 2>/dev/null | grep -qi 'noto sans cjk' || missing+=(fonts-noto-cjk fontconfig)
./find_postgresql.sh >/dev/null || missing+=(postgresql)
if [ ${#missing[@]} -eq 0 ] || ./install_debian_packages.sh "${missing[@]}"; then
    exit 0
fi
if [ "${CI:-}" = true ]; then
    exit 1
fi
echo "Going on without; the tests that need them are skipped." >&2
