-- Makes the role and the database of a service on a server that a cloud runs, and sets the password. It may run as often
-- as one likes. The administrator of a cloud is no superuser: he may make roles and databases, and may not even name the
-- rights that only a superuser has. The password is in the environment: a command line can be read by others.
\getenv service SERVICE
\getenv password PASSWORD
SET client_min_messages = warning;
SELECT format('CREATE ROLE %I LOGIN', :'service')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'service')
\gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', :'service', :'password')
\gexec
-- Only a member of a role may give it a database.
SELECT format('GRANT %I TO CURRENT_USER', :'service')
\gexec
SELECT format('CREATE DATABASE %1$I OWNER %1$I', :'service')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'service')
\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'service')
\gexec
