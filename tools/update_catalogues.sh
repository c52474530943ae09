#!/usr/bin/env bash
# Collects every text of the screens, adds the new ones to the English catalogue and compiles it.
# Japanese is the source language, so only English has a catalogue. --no-fuzzy-matching: a guess is not a translation.
set -euo pipefail
cd "$(dirname "$0")/.."
catalogues=studyhub/translations
template=$(mktemp)
trap 'rm -f "$template"' EXIT

# The errors of the domain carry their sentence; the web gives it to gettext when it shows the error.
.venv/bin/pybabel -q extract --mapping-file=babel.cfg --keyword=lazy_gettext --keyword=_l --keyword=N_ \
    --keyword=Invalid --keyword=NotFound --keyword=Forbidden --keyword=Conflict --keyword=NewerSheet \
    --keyword=TooManyRequests \
    --sort-by-file --no-location --omit-header --project=StudyHub --output-file="$template" studyhub
if [ -f "$catalogues/en/LC_MESSAGES/messages.po" ]; then
    .venv/bin/pybabel -q update --input-file="$template" --output-dir="$catalogues" --locale=en \
        --no-fuzzy-matching --ignore-obsolete --omit-header
else
    .venv/bin/pybabel -q init --input-file="$template" --output-dir="$catalogues" --locale=en
fi
# Without a header the catalogue as a whole passes for fuzzy, and would be skipped in silence.
.venv/bin/pybabel -q compile --use-fuzzy --directory="$catalogues" --locale=en --statistics
