#!/usr/bin/env bash
# What the full suite needs from Debian: a browser, a Japanese font, PostgreSQL. Installs what is missing when it
# may; otherwise names it. In CI (CI=true) something missing is a failure, elsewhere its tests are skipped.
set -euo pipefail

missing=()
command -v chromium >/dev/null || missing+=(chromium)
fc-list 2>/dev/null | grep -qi 'noto sans cjk' || missing+=(fonts-noto-cjk)
"$(dirname "$0")/find_postgresql.sh" >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo -n)
fi
if command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; then
    echo "Installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    if "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" fontconfig >/dev/null; then
        exit 0
    fi
fi

echo "Missing for the full suite: ${missing[*]}" >&2
echo "On Debian: apt-get install --no-install-recommends ${missing[*]}" >&2
if [ "${CI:-}" = true ]; then
    exit 1
fi
echo "Going on without; the tests that need them are skipped." >&2
