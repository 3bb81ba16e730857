#!/usr/bin/env bash
# Restores the newest backup of every service into an empty server of its own and compares what comes back with what the
# backup recorded. Fails if a service has no backup, or one that is old, damaged, empty, or does not bring back the same
# rows: a table of contents can be listed of half a dump, too.
set -euo pipefail
umask 077
. "$SCRIPTS/client.sh"
cd "$WORK"

# Ends the check of a service.
wrong() {
	echo "$1"
	exit 1
}

# Prints what is wrong with the backup of a service, and reports whether nothing is. It runs in a process of its own.
check() {
	local service=$1 name sums age
	cd "$WORK/$service" 2>/dev/null || wrong "it has no complete backup"
	sums=(*.sha256)
	name=${sums[0]%.sha256}
	sha256sum --check --status "$name.sha256" || wrong "the checksum of $name is wrong"
	age=$((($(date +%s) - $(sed --quiet 's/^taken //p' "$name.manifest")) / 3600))
	[ "$age" -lt "$MAX_AGE_HOURS" ] || wrong "its newest backup, $name, is $age hours old"
	recorded "$name.manifest" >recorded
	[ -s recorded ] || wrong "$name has no table"
	createuser --username=postgres "$service" 2>&1 || wrong "a role of its name cannot be made"
	createdb --username=postgres --owner="$service" "$service" 2>&1 || wrong "a database of its name cannot be made"
	pg_restore --exit-on-error --no-owner --no-acl --username="$service" --dbname="$service" "$name.dump" 2>errors ||
		wrong "$name cannot be restored: $(head --lines=1 errors)"
	rows --username="$service" --dbname="$service" >restored 2>errors ||
		wrong "the rows of $name cannot be counted: $(head --lines=1 errors)"
	cmp --silent recorded restored ||
		wrong "$name brings back other rows than it recorded: $(diff recorded restored | grep '^[<>]' | head --lines=4)"
	dropdb --username=postgres "$service"
	echo "$name, $(wc --lines <restored) tables, $(awk '{ sum += $1 } END { print sum }' restored) rows, $age hours old"
}

initdb --pgdata=server --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
pg_ctl --pgdata=server --silent --wait --log=server.log \
	--options="-c listen_addresses='' -c unix_socket_directories='$WORK' -c fsync=off" start
trap 'pg_ctl --pgdata="$WORK/server" --silent --mode=immediate stop' EXIT
export PGHOST=$WORK

failed=0
for service in $SERVICES; do
	if verdict=$(check "$service"); then
		echo "ok    $service: $verdict"
	else
		echo "FAIL  $service: $verdict"
		failed=1
	fi
done >verdicts
cat verdicts
# What failed comes first: Kubernetes cuts a long message.
LC_ALL=C sort --output=verdicts verdicts
head --bytes="$RESULT_BYTES" verdicts >"$RESULT"
exit "$failed"
