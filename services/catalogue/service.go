// Package catalogue holds the seven services as data: the needs of each, and their total.
package catalogue

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/monitoring/objective"
)

// Service describes one service in one environment. The catalogue gives the defaults; the fields with a key are those
// that dreamseed:services.<name> may set.
type Service struct {
	// Name is the service's name, for example ai-tutor.
	Name string `json:"-"`
	// Priority decides which services are evicted last when nodes run short.
	Priority Priority `json:"-"`
	// Internet reports whether the service calls APIs on the internet over HTTPS, such as a payment provider's.
	Internet bool `json:"-"`
	// NeverSpot forbids spot capacity, whatever the configuration says.
	NeverSpot bool `json:"-"`

	// Image is required. Outside the local environment it names a digest: registry/name@sha256:… . A change rolls
	// this service's pods and no others.
	Image string `json:"image"`
	// Autoscaling bounds the number of pods; the quota of the namespace must have room for them.
	Autoscaling Autoscaling `json:"autoscaling"`
	// Availability bounds the effect of releases, drains and losses on the service.
	Availability Availability `json:"availability"`
	// Spot configures the use of spot capacity.
	Spot Spot `json:"spot"`
	// Release configures how a new version replaces the running one.
	Release Release `json:"release"`
	// Needs declares the data stores of the service.
	Needs Needs `json:"needs"`
	// Resources are the requests and limits of one pod. A change rolls the pods.
	Resources Resources `json:"resources"`
	// Migration bounds the migration of the database to a new image.
	Migration Migration `json:"migration"`
	// LogLevel overrides dreamseed:logLevel. A change rolls the pods.
	LogLevel LogLevel `json:"logLevel"`
	// Config holds further entries of the service's ConfigMap, each a file below /app/config. A change rolls the pods.
	Config map[string]string `json:"config"`
	// Secrets are the service's secrets by key. The keys are the names of files below /app/secrets. Those of the catalogue
	// always exist.
	Secrets map[string]Secret `json:"secrets"`
	// Objectives are what the service promises to its users. Rules, alerts and dashboards follow from them.
	Objectives objective.Objectives `json:"objectives"`
	// Egress lists the destinations of this service outside the cluster, in addition to those that dreamseed:egress allows
	// all services.
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

// Port is the port on which every service listens for HTTP, as container port "http".
const Port = 8000

// Workload returns the name of the service's Deployment or Rollout, Service and ServiceAccount: <service>-service.
func (s Service) Workload() string { return s.Name + "-service" }
