# Deletes once an hour what the rules of the buckets say. SeaweedFS itself only takes the rules: this is the pass that its
# workers make, without a further server that would give them the work.
set -eu
while true; do
	echo "s3.lifecycle.run-shard -shards 0-15 -s3 $LIFECYCLE -events 1000000 -runtime 15m" |
		weed -logtostderr=true shell -master="$MASTER" -filer="$FILER" || echo "the pass failed, the next one is in an hour"
	sleep "$PAUSE"
done
