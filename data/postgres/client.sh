# Runs SQL. Rows come as plain lines, and the first error ends it.
sql() {
	psql --no-psqlrc --quiet --no-align --tuples-only --field-separator=' ' --set=ON_ERROR_STOP=1 "$@"
}

# Prints how many rows each table has, with a sum over their content: a line such as "1000 24151 public.answers".
rows() {
	sql --file="$SCRIPTS/rows.sql" "$@"
}

# Prints the rows that a backup recorded in its manifest.
recorded() {
	tail --lines=+2 "$1"
}
