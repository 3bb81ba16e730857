// Package pipeline is the configuration of the OpenTelemetry Collector (https://opentelemetry.io/docs/collector) that
// reads what the services of a node log, and sends it to the store.
//
// A line goes through the operators of one receiver: the parts that the container runtime made of it are joined, the
// lines of a stack trace, too; what looks like a credential is removed before anything else looks at the text; the
// fields of a JSON object become fields of the line. The processors then say which service the pod is of.
package pipeline

import (
	"errors"
	"fmt"
	"net/url"

	"go.yaml.in/yaml/v3"
)

// Paths on the node, which the pod has at the same place.
const (
	// PodLogs is where the kubelet keeps what containers log
	// (https://kubernetes.io/docs/concepts/cluster-administration/logging/#log-location-node).
	PodLogs = "/var/log/pods"
	// State is the folder of the collector: how far each file was read, and what the store has not taken yet.
	State = "/var/lib/dreamseed-logs"
)

// Environment variables of the pod.
const (
	// NodeVariable holds the name of the node: only the pods there are looked up.
	NodeVariable = "K8S_NODE_NAME"
	// PodIPVariable holds the address at which metrics and health are served.
	PodIPVariable = "POD_IP"
)

// Ports of the collector.
const (
	// MetricsPort serves its own metrics at /metrics.
	MetricsPort = 8888
	// HealthPort answers 200 at / once every component runs.
	HealthPort = 13133
)

// Args are the inputs of Collector.
type Args struct {
	// Namespace is the namespace of the services whose files are read. Others are not even opened.
	Namespace string
	// Environment is the attribute deployment.environment.name of every line.
	Environment string
	// Cluster is the attribute k8s.cluster.name of every line.
	Cluster string
	// Store takes the lines.
	Store Store
	// BufferBytes bounds what a node keeps on its disk while the store is away, in bytes.
	BufferBytes int64
}

// Store says where lines go: to exactly one of its fields.
type Store struct {
	VictoriaLogs *VictoriaLogs
	Elastic      *Elastic
}

// VictoriaLogs is a VictoriaLogs.
type VictoriaLogs struct {
	// URL is its base, such as http://host:9428.
	URL string
}

// Elastic is an Elasticsearch.
type Elastic struct {
	// URL is its base, such as https://host:9200.
	URL string
	// Username is the user that may add documents.
	Username string
	// PasswordVariable is the environment variable of the pod with the user's password.
	PasswordVariable string
	// CAFile is the file with the certificate of the authority that signs the certificate of Elasticsearch.
	CAFile string
}

// Flags returns the flags with which the collector reads this file as its configuration. Lines are handed on before the
// place in their file is written down: without that, a collector that is killed would lose those that were on their way
// (https://github.com/open-telemetry/opentelemetry-collector-contrib/issues/35456).
func Flags(file string) []string {
	return []string{"--config=" + file, "--feature-gates=stanza.synchronousLogEmitter"}
}

// minimumBuffer is the smallest buffer: it holds several of the largest requests.
const minimumBuffer = 16 * mebibyte

const (
	kibibyte = 1 << 10
	mebibyte = 1 << 20
)

// Collector returns the content of config.yaml. A running collector does not see a change: it has to be restarted, and
// goes on where it stopped.
func Collector(args Args) (string, error) {
	if err := args.check(); err != nil {
		return "", fmt.Errorf("checking the arguments of the collector: %w", err)
	}
	data, err := yaml.Marshal(config{
		Extensions: args.extensions(),
		Receivers:  map[string]any{podLines: args.receiver()},
		Processors: args.processors(),
		Exporters:  args.exporters(),
		Service:    args.service(),
	})
	if err != nil {
		return "", fmt.Errorf("writing the configuration of the collector: %w", err)
	}
	return string(data), nil
}

// check returns every mistake of the arguments.
func (args Args) check() error {
	var mistakes []error
	for _, one := range []struct{ name, value string }{
		{"namespace", args.Namespace}, {"environment", args.Environment}, {"cluster", args.Cluster},
	} {
		if one.value == "" {
			mistakes = append(mistakes, fmt.Errorf("the %s is missing", one.name))
		}
	}
	if args.BufferBytes < minimumBuffer {
		mistakes = append(mistakes, fmt.Errorf("a buffer of %d bytes is smaller than %d", args.BufferBytes, minimumBuffer))
	}
	return errors.Join(append(mistakes, args.Store.check())...)
}

func (s Store) check() error {
	if (s.VictoriaLogs == nil) == (s.Elastic == nil) {
		return errors.New("lines go to exactly one store")
	}
	if s.VictoriaLogs != nil {
		return checkURL(s.VictoriaLogs.URL)
	}
	mistakes := []error{checkURL(s.Elastic.URL)}
	for _, one := range []struct{ name, value string }{
		{"user", s.Elastic.Username}, {"variable with the password", s.Elastic.PasswordVariable},
		{"file with the authority", s.Elastic.CAFile},
	} {
		if one.value == "" {
			mistakes = append(mistakes, fmt.Errorf("the %s of Elasticsearch is missing", one.name))
		}
	}
	return errors.Join(mistakes...)
}

// checkURL refuses what is no base URL. A user in it would be in a ConfigMap.
func checkURL(text string) error {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Host == "" || parsed.User != nil || parsed.Path != "" {
		return fmt.Errorf("%q is no URL of a scheme, a host and a port", text)
	}
	return nil
}
