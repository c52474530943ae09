#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own: a new cluster in a temporary folder, on a free port of this machine,
# removed afterwards. The command finds it in STUDYHUB_TEST_POSTGRESQL. An address given there is used as it is.
# Usage: tools/with_postgresql.sh [--durable] COMMAND [ARGUMENT …]
#   --durable   writes reach the disk before they are acknowledged, as on a real site; for measurements
set -euo pipefail

# Tests need no durable server: their data live as long as one run.
settings=(fsync=off full_page_writes=off synchronous_commit=off)
if [ "${1:-}" = --durable ]; then
    settings=(shared_buffers=512MB)
    shift
fi

if [ -n "${STUDYHUB_TEST_POSTGRESQL:-}" ]; then
    exec "$@"
fi
programs=$("$(dirname "$0")/find_postgresql.sh") || { echo "No PostgreSQL server programs found." >&2; exit 1; }
folder=$(mktemp -d "${TMPDIR:-/tmp}/studyhub-postgresql.XXXXXX")

# initdb refuses root, so root hands the cluster to the account that Debian's package makes.
as_owner=()
if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$folder"
    as_owner=(runuser -u postgres --)
fi
in_cluster() { (cd "$folder" && "${as_owner[@]}" "$@"); }

stop() {
    in_cluster "$programs/pg_ctl" --pgdata="$folder/data" --mode=immediate --silent stop || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

in_cluster "$programs/initdb" --pgdata="$folder/data" --username=studyhub --auth=trust \
    --encoding=UTF8 --locale=C --no-sync >/dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
settings+=(listen_addresses=127.0.0.1 "port=$port" "unix_socket_directories=$folder" max_connections=200)
in_cluster "$programs/pg_ctl" --pgdata="$folder/data" --log="$folder/log" --silent --wait start \
    --options="${settings[*]/#/-c }"

export STUDYHUB_TEST_POSTGRESQL="postgresql+psycopg://studyhub@127.0.0.1:$port/postgres"
"$@"
