-- Dumps the database and prints its rows, both as one snapshot sees them. A command cannot end the script before psql
-- 16, so the file "dumped" says that pg_dump succeeded.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot
\gset
\setenv SNAPSHOT :snapshot
\! pg_dump --format=custom --snapshot="$SNAPSHOT" --file="$DUMP" && touch dumped
\setenv SNAPSHOT
\i :rows
COMMIT;
