# Makes the buckets that are missing, and sets how long backups are kept. It may run again at any time, and removes
# nothing.
set -eu
ask() {
	curl --silent --show-error --fail-with-body --max-time 30 --retry 60 --retry-delay 5 --retry-all-errors \
		--config "$ADMIN" --aws-sigv4 aws:amz:us-east-1:s3 "$@"
}
found=$(ask "$ENDPOINT/")
for bucket in $BUCKETS; do
	case $found in
	*"<Name>$bucket</Name>"*) echo "bucket $bucket is there" ;;
	*) ask --request PUT "$ENDPOINT/$bucket" && echo "bucket $bucket is made" ;;
	esac
done
ask --request PUT --header 'Content-Type: application/xml' --data "$RULES" "$ENDPOINT/$BACKUPS?lifecycle="
echo "backups are kept as the rules say"
