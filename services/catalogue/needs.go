package catalogue

// Needs lists the data stores of a service. The platform gives the service their addresses and lets it reach them.
type Needs struct {
	// Postgres is a PostgreSQL database. Its URL, password included, is the secret DATABASE_URL, and each new image
	// migrates it first.
	Postgres bool
	// Cache is Redis, at the URL in the variable REDIS_URL.
	Cache bool
	// Broker is Kafka, at the servers in the variable KAFKA_BOOTSTRAP_SERVERS.
	Broker bool
}

// everyStore are the needs of a service that keeps data, caches it and publishes events.
var everyStore = Needs{Postgres: true, Cache: true, Broker: true}

// The environment variables that the platform sets.
const (
	EnvironmentVariable = "ENVIRONMENT"
	LogLevelVariable    = "LOG_LEVEL"
	CacheVariable       = "REDIS_URL"
	BrokerVariable      = "KAFKA_BOOTSTRAP_SERVERS"
)

// EnvironmentVariables returns all variables that the platform sets for one service or another.
func EnvironmentVariables() []string {
	return Service{Needs: everyStore}.EnvironmentVariables()
}

// EnvironmentVariables returns the variables that the platform sets for the service, in the order in which its
// container lists them.
func (s Service) EnvironmentVariables() []string {
	variables := []string{EnvironmentVariable, LogLevelVariable}
	if s.Needs.Cache {
		variables = append(variables, CacheVariable)
	}
	if s.Needs.Broker {
		variables = append(variables, BrokerVariable)
	}
	return variables
}
