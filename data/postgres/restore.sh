#!/usr/bin/env bash
# Replaces the content of a service's database by a backup that download.sh fetched: all of it or nothing. It refuses,
# with the exit code 5, while the database is newer: while a table has rows that are not exactly those of the backup.
# OVERWRITE_NEWER=true replaces it all the same.
set -euo pipefail
umask 077
. "$SCRIPTS/client.sh"
. "$SCRIPTS/database.sh"

# Ends the script with a message for whoever started it.
stop() {
	echo "$2" | tee "$WORK/message"
	head --bytes="$RESULT_BYTES" "$WORK/message" >"$RESULT"
	exit "$1"
}

# Prints the rows of each table before and after.
compared() {
	awk '
		{ rows = $1; sub(/^[^ ]+ [^ ]+ /, ""); seen[$0] }
		FILENAME == "before" { before[$0] = rows }
		FILENAME == "after" { after[$0] = rows }
		END { for (table in seen) printf "%12s  %12s  %s\n", shown(before, table), shown(after, table), table }
		function shown(rows, table) { return table in rows ? rows[table] : "-" }
	' before "$1" | sort --key=3
}

cd "$WORK/$SERVICE" 2>/dev/null || stop 1 "$SERVICE has no complete backup${AT:+ of $AT or before}."
sums=(*.sha256)
name=${sums[0]%.sha256}
sha256sum --check --status "$name.sha256" || stop 1 "The backup $name of $SERVICE is damaged: its checksum is wrong."
recorded "$name.manifest" >recorded
rows >before

changed=$(grep --invert-match '^0 ' before | grep --invert-match --line-regexp --fixed-strings --file=recorded || true)
if [ -n "$changed" ] && [ "$OVERWRITE_NEWER" != true ]; then
	cp recorded after
	stop 5 "The database of $SERVICE is newer than the backup $name. Nothing was changed.
These tables have rows that are not those of the backup:
       rows now     in backup  table
$(compared after | grep --fixed-strings --file=<(cut --delimiter=' ' --fields=3- <<<"$changed"))"
fi

# The transaction ends with COMMIT only if pg_restore got to its end, and only if the rows are those of the backup.
# Dropping all that the service owns also removes tables that are younger than the backup.
{
	echo "BEGIN; SET lock_timeout = '60s'; DROP OWNED BY CURRENT_USER CASCADE;" &&
		pg_restore --no-owner --no-acl --file=- "$name.dump" &&
		echo '\o after' && cat "$SCRIPTS/rows.sql" && echo '\o' && cat "$SCRIPTS/commit.sql"
} | sql --output=/dev/null
cmp --silent recorded after ||
	stop 1 "The backup $name does not bring back the rows that it recorded. Nothing was changed."

stop 0 "Restored $SERVICE to $name.
    rows before    rows after  table
$(compared after)"
