#!/usr/bin/env bash
# Dumps the database of a service into the work directory: <time>.dump, <time>.manifest with the time and the rows of
# each table, and <time>.sha256 over both. upload.sh takes them from there.
set -euo pipefail
umask 077
. "$SCRIPTS/client.sh"
. "$SCRIPTS/database.sh"
cd "$WORK"

now=$(date +%s)
name=$(date --utc --date="@$now" +%Y%m%dT%H%M%SZ)
export DUMP="$name.dump"
echo "taken $now" >"$name.manifest"
sql --set=rows="$SCRIPTS/rows.sql" --file="$SCRIPTS/backup.sql" >>"$name.manifest"
test -f dumped || { echo "pg_dump failed: see above" >&2; exit 1; }
rm dumped
sha256sum "$name.dump" "$name.manifest" >"$name.sha256"

{
	echo "Dumped $SERVICE as $name, $(stat --format=%s "$name.dump") bytes. Rows of each table:"
	recorded "$name.manifest" | awk '{ rows = $1; sub(/^[^ ]+ [^ ]+ /, ""); printf "%12d  %s\n", rows, $0 }'
} >summary
cat summary
head --bytes="$RESULT_BYTES" summary >"$RESULT"
