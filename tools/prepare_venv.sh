#!/usr/bin/env bash
# Makes .venv from the locked requirements and installs the project into it, when either changed.
# Usage: tools/prepare_venv.sh base|test|dev      each set includes the ones before it
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-base}" in
    base) sets=(base) ;;
    test) sets=(base test) ;;
    dev) sets=(base test dev) ;;
    *) echo "unknown set of requirements: $1 (base, test or dev)" >&2; exit 2 ;;
esac

python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "StudyHub needs Python 3.11 or newer as $python (or name another with PYTHON=…)." >&2
    exit 1
fi
if [ ! -x .venv/bin/python ]; then
    # Debian keeps what venv needs in a package of its own.
    "$python" -c 'import ensurepip, venv' 2>/dev/null || tools/install_debian_packages.sh python3-venv
    "$python" -m venv .venv
fi

# A stamp per set holds what was installed, so that make run does not undo what make test added.
for set in "${sets[@]}"; do
    stamp=.venv/requirements-$set.stamp
    if ! sha256sum --check --status "$stamp" 2>/dev/null; then
        echo "Installing requirements/$set.txt into .venv"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$set.txt"
        sha256sum "requirements/$set.txt" > "$stamp"
    fi
done

# The project itself is installed in place: only its metadata and entry point can be out of date.
stamp=.venv/project.stamp
if ! sha256sum --check --status "$stamp" 2>/dev/null; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
    sha256sum setup.cfg pyproject.toml > "$stamp"
fi
