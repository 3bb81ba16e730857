-- A line for each table with its number of rows, a sum over their content, and its name. The sum is that of 60 bits of
-- each row's MD5, whatever the order of the rows. The settings make the text of a value the same in every session.
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET intervalstyle = 'postgres';
SET bytea_output = 'hex';
SET extra_float_digits = 1;
SET search_path = pg_catalog;
-- Fails where a policy would hide rows, as pg_dump does.
SET row_security = off;

-- Tables of extensions come with the extension, and not with a dump.
SELECT format(
	'SELECT count(*), coalesce(sum((''x'' || left(md5((t.*)::text), 15))::bit(60)::bigint), 0), %L FROM ONLY %I.%I AS t',
	format('%I.%I', n.nspname, c.relname), n.nspname, c.relname
)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
	AND NOT EXISTS (
		SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
	)
ORDER BY n.nspname, c.relname
\gexec
