# Signs in to the database of the service, as the service. The host, the database and TLS are in the environment.
PGUSER=$(cat "$DATABASE/username")
PGPASSWORD=$(cat "$DATABASE/password")
export PGUSER PGPASSWORD
