package catalogue

import (
	"slices"
	"strings"
)

// Needs declares the data stores of a service. The platform gives the service an identity of its own in each, with
// which it can do its work and nothing else, the addresses, and the way there. A change of topics and buckets applies
// to the running environment; a need that goes leaves its data, and is refused where the environment is protected.
type Needs struct {
	// Postgres is a PostgreSQL database of the service's name. Its URL is the file DATABASE_URL, and each new image
	// migrates it first.
	Postgres bool `json:"postgres"`
	// Redis is a share of the cache: the keys and channels that begin with the service's name and a colon. Its URL is the
	// file REDIS_URL.
	Redis bool `json:"redis"`
	// Produces lists the topics of Kafka that the service owns and writes. Each topic has one owner.
	Produces []string `json:"produces"`
	// Consumes lists the topics that the service reads, in consumer groups whose names begin with its own.
	Consumes []string `json:"consumes"`
	// Buckets lists the buckets that the service owns.
	Buckets []string `json:"buckets"`
}

// everyStore are the needs of a service that keeps data and caches it. Topics and buckets are named beside.
func everyStore() Needs { return Needs{Postgres: true, Redis: true} }

func (n Needs) produces(topics ...string) Needs {
	n.Produces = topics
	return n
}

func (n Needs) consumes(topics ...string) Needs {
	n.Consumes = topics
	return n
}

func (n Needs) keeps(buckets ...string) Needs {
	n.Buckets = buckets
	return n
}

// copied returns needs whose lists may be overlaid: decoding writes into a list that is there.
func (n Needs) copied() Needs {
	n.Produces, n.Consumes, n.Buckets = slices.Clone(n.Produces), slices.Clone(n.Consumes), slices.Clone(n.Buckets)
	return n
}

// Kafka reports whether the service writes or reads a topic.
func (n Needs) Kafka() bool { return len(n.Produces)+len(n.Consumes) > 0 }

// Objects reports whether the service has a bucket.
func (n Needs) Objects() bool { return len(n.Buckets) > 0 }

// The environment variables that the platform sets, beside those of the buckets.
const (
	EnvironmentVariable = "ENVIRONMENT"
	LogLevelVariable    = "LOG_LEVEL"
	bucketVariable      = "OBJECT_STORAGE_BUCKET_"
)

// BucketVariable returns the environment variable with the name under which the store knows a declared bucket.
func BucketVariable(bucket string) string {
	return bucketVariable + strings.ToUpper(strings.ReplaceAll(bucket, "-", "_"))
}

// IsEnvironmentVariable reports whether the platform sets this variable for one service or another.
func IsEnvironmentVariable(name string) bool {
	return name == EnvironmentVariable || name == LogLevelVariable || strings.HasPrefix(name, bucketVariable)
}

// EnvironmentVariables returns the variables that the platform sets for the service, in the order in which its
// container lists them.
func (s Service) EnvironmentVariables() []string {
	variables := []string{EnvironmentVariable, LogLevelVariable}
	for _, bucket := range slices.Sorted(slices.Values(s.Needs.Buckets)) {
		variables = append(variables, BucketVariable(bucket))
	}
	return variables
}

// The files with which the platform tells a service how to reach its stores, below /app/secrets. They are the same
// whatever provides a store.
const (
	// DatabaseURL is the URL of the service's database, password included.
	DatabaseURL = "DATABASE_URL"
	// RedisURL is the URL of the cache, user and password included.
	RedisURL = "REDIS_URL"
	// KafkaBootstrapServers are the brokers as host:port, with commas between them.
	KafkaBootstrapServers = "KAFKA_BOOTSTRAP_SERVERS"
	// KafkaUsername and KafkaPassword are what the service signs in with, by SCRAM-SHA-512.
	KafkaUsername = "KAFKA_USERNAME"
	KafkaPassword = "KAFKA_PASSWORD"
	// KafkaCACertificate is the certificate of the authority of the brokers, in PEM. A service that has no such file
	// trusts the public authorities: they sign for the clouds' Kafkas.
	KafkaCACertificate = "KAFKA_CA_CERTIFICATE"
	// ObjectStorageEndpoint is the URL of the S3 API.
	ObjectStorageEndpoint = "OBJECT_STORAGE_ENDPOINT"
	// ObjectStorageAccessKeyID and ObjectStorageSecretAccessKey are the key of the service's own identity there.
	ObjectStorageAccessKeyID     = "OBJECT_STORAGE_ACCESS_KEY_ID"
	ObjectStorageSecretAccessKey = "OBJECT_STORAGE_SECRET_ACCESS_KEY"
)
