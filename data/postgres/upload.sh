#!/bin/sh
# Uploads what backup.sh wrote. The checksums come last: a backup without them is not complete, and nobody reads it.
set -eu
. "$SCRIPTS/store.sh"
cd "$WORK"

for file in *.dump *.manifest *.sha256; do
	rclone copyto --immutable "$file" "store:$BUCKET/$SERVICE/$file"
done
echo "Uploaded it to the bucket $BUCKET as $SERVICE/$(ls ./*.dump | cut -d / -f 2)." | tee "$RESULT"
