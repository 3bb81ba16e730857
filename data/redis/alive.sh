# Tells whether Valkey knows the users as they are, and answers. Where a password has changed, it is restarted, and reads
# its keys again from the volume.
set -eu
cmp -s "$MOUNTED/users.acl" "$LOADED/users.acl"
