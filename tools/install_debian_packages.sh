#!/usr/bin/env bash
# Installs packages of Debian when this account may; otherwise fails and says what somebody who may has to run.
# Usage: tools/install_debian_packages.sh PACKAGE …
set -euo pipefail

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo -n)
fi
if command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; then
    echo "Installing $*"
    export DEBIAN_FRONTEND=noninteractive
    if "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null; then
        exit 0
    fi
fi
echo "Missing: $*" >&2
echo "On Debian: apt-get install --no-install-recommends $*" >&2
exit 1
