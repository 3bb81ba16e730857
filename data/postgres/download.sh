#!/bin/sh
# Fetches the newest complete backup of each service, or the newest that is not after AT, into a directory of the
# service's name. A service without one has no directory: who reads them says so.
set -eu
. "$SCRIPTS/store.sh"
export LC_ALL=C

for service in $SERVICES; do
	# 3 is rclone's exit code for a directory that does not exist.
	found=$(rclone lsf --include '*.sha256' "store:$BUCKET/$service") || [ $? -eq 3 ]
	name=$(echo "$found" | sed 's/\.sha256$//' | sort | awk -v at="$AT" '$0 != "" && (at == "" || $0 <= at)' | tail -n 1)
	if [ -n "$name" ]; then
		mkdir -p "$WORK/$service"
		rclone copy --include "$name.*" "store:$BUCKET/$service" "$WORK/$service"
		echo "Fetched $name of $service."
	fi
done
