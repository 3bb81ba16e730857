# Gives the administrator of a database server a password that is good until the next run, and leaves it in the file
# $ADMINISTRATOR. The identity of the pod may set passwords on this server, and nothing else.
set -eu
umask 077
folder=$(dirname "$ADMINISTRATOR")

# The credential goes to curl in a file, and the password on its input: a command line can be read by others.
curl --fail --silent --show-error --retry 5 --retry-all-errors --header 'Metadata-Flavor: Google' \
	--output "$folder/credential" "$METADATA/computeMetadata/v1/instance/service-accounts/default/token"
token=$(sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p' "$folder/credential")
printf 'header = "Authorization: Bearer %s"\n' "$token" >"$folder/credential"

password=$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')
printf '{"name": "%s", "password": "%s"}' "$USERNAME" "$password" |
	curl --fail-with-body --silent --show-error --retry 5 --request PUT --config "$folder/credential" \
		--header 'Content-Type: application/json' --data @- --output "$folder/answer" \
		"$API/v1/projects/$PROJECT/instances/$INSTANCE/users?name=$USERNAME" ||
	{ cat "$folder/answer" >&2; exit 1; }
rm "$folder/credential" "$folder/answer"
printf '%s' "$password" >"$ADMINISTRATOR"
