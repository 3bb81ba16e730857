# Starts SeaweedFS with the identities of this moment. It reads the file once: alive.sh compares the two.
set -eu
cp "$MOUNTED/s3.json" "$LOADED/s3.json"
exec weed -logtostderr=true server -s3.config="$LOADED/s3.json" "$@"
