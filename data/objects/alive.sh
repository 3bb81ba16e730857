# Tells whether SeaweedFS knows the identities as they are, and answers. Where a key has changed, it is restarted.
set -eu
cmp -s "$MOUNTED/s3.json" "$LOADED/s3.json"
curl --silent --fail --max-time 4 --output /dev/null "http://127.0.0.1:$PORT/healthz"
