#!/usr/bin/env bash
# Prints the folder with PostgreSQL's server programs (15, on which StudyHub is measured, before newer ones).
# Debian keeps them out of PATH. Fails silently when there are none.
set -u
for folder in /usr/lib/postgresql/{15,16,17,18}/bin; do
    if [ -x "$folder/initdb" ]; then
        echo "$folder"
        exit 0
    fi
done
found=$(command -v initdb) || exit 1
dirname "$(readlink -f "$found")"
