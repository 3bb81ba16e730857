// Package catalogue holds the seven services as data: what each needs, and what all of them need together.
package catalogue

import "k8s.io/apimachinery/pkg/api/resource"

// Service describes one service in one environment. The catalogue gives the defaults; the fields with a key are
// those that dreamseed:services.<name> may set.
type Service struct {
	// Name is the service's name, for example ai-tutor.
	Name string `json:"-"`
	// Priority says which services are evicted last when nodes run short.
	Priority Priority `json:"-"`
	// Internet says that the service calls APIs on the internet over HTTPS, such as a payment provider's.
	Internet bool `json:"-"`
	// NeverSpot forbids spot capacity, whatever the configuration says.
	NeverSpot bool `json:"-"`
	// Database says that the service keeps data in PostgreSQL: each new image first migrates it.
	Database bool `json:"-"`
	// KubernetesAPI mounts the service account's token. None of the seven services asks for it.
	KubernetesAPI bool `json:"-"`

	// Image is required. Outside the local environment it names a digest: registry/name@sha256:… . A change rolls
	// this service's pods and no others.
	Image string `json:"image"`
	// Autoscaling bounds how many pods run; the quota of the namespace must have room for them.
	Autoscaling Autoscaling `json:"autoscaling"`
	// Availability is what releases, drains and losses leave of the service.
	Availability Availability `json:"availability"`
	// Spot says whether the service may run on spot capacity.
	Spot Spot `json:"spot"`
	// Release is how a new version comes into service.
	Release Release `json:"release"`
	// Resources is what one pod requests and may use at most. A change rolls the pods.
	Resources Resources `json:"resources"`
	// Migration is what migrating the database to a new image may take.
	Migration Migration `json:"migration"`
	// LogLevel overrides dreamseed:logLevel. A change rolls the pods.
	LogLevel LogLevel `json:"logLevel"`
	// Config holds further entries of the service's ConfigMap, each a file below /app/config. A change rolls the pods.
	Config map[string]string `json:"config"`
	// Secrets are the service's secrets by their keys, which are the names of files below /app/secrets. Those of the
	// catalogue are always there.
	Secrets map[string]Secret `json:"secrets"`
	// Egress lists what this service reaches outside the cluster, beside what dreamseed:egress gives to all.
	Egress []Egress `json:"egress"`
}

// Resources are the requests and limits of one pod.
type Resources struct {
	Requests Amounts `json:"requests"`
	Limits   Amounts `json:"limits"`
}

// Amounts are CPU and memory as Kubernetes quantities, for example 250m and 512Mi.
type Amounts struct {
	CPU    resource.Quantity `json:"cpu"`
	Memory resource.Quantity `json:"memory"`
}

// Port is where every service listens for HTTP, as container port "http".
const Port = 8000

// EnvironmentVariables lists what every service finds in its environment, read from its ConfigMap.
func EnvironmentVariables() []string {
	return []string{"ENVIRONMENT", "LOG_LEVEL", "REDIS_URL", "KAFKA_BOOTSTRAP_SERVERS"}
}

// Workload is the name of the service's Deployment or Rollout, Service and ServiceAccount: <service>-service.
func (s Service) Workload() string { return s.Name + "-service" }
