# Tells whether Valkey answers. It does not while it reads its keys from the volume.
set -eu
REDISCLI_AUTH=$(cat "$LOADED/password")
export REDISCLI_AUTH
[ "$(valkey-cli -p "$PORT" --user probe ping)" = PONG ]
