# Starts Valkey with the users of this moment. It reads the file once: alive.sh compares the two.
set -eu
cp "$MOUNTED/users.acl" "$MOUNTED/password" "$LOADED"
exec valkey-server --port "$PORT" --aclfile "$LOADED/users.acl" "$@"
