\set same `cmp --silent recorded after && echo true || echo false`
\if :same
COMMIT;
\else
ROLLBACK;
\endif
