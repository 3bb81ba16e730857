# Makes the role and the database of each service on a server that a cloud runs, and sets the passwords. It may run as
# often as one likes: what exists stays as it is. The administrator's password is in a file that the container before
# left.
set -euo pipefail
PGPASSWORD=$(cat "$ADMINISTRATOR")
export PGPASSWORD

administrate() {
	psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 "$@"
}

# A cloud takes a moment until a new password is good.
attempt=1
until administrate --command='SELECT' 2>"$WORK/refused"; do
	if [ "$attempt" -ge "$ATTEMPTS" ]; then
		cat "$WORK/refused" >&2
		exit 1
	fi
	attempt=$((attempt + 1))
	sleep 2
done

for SERVICE in $SERVICES; do
	PASSWORD=$(cat "$DATABASES/$SERVICE/password")
	export SERVICE PASSWORD
	administrate --file="$SCRIPTS/provision.sql"
	printf 'the database of %s is there\n' "$SERVICE" | tee -a "$RESULT"
done
