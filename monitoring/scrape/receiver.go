package scrape

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// ReceiverKind is the kind of a receiver's address.
type ReceiverKind string

const (
	// Webhook gets notifications as JSON at a URL
	// (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).
	Webhook ReceiverKind = "webhook"
	// Slack gets messages at the URL of an incoming webhook, which belongs to a channel.
	Slack ReceiverKind = "slack"
	// PagerDuty gets events for the integration key of a service, in version 2 of its API.
	PagerDuty ReceiverKind = "pagerduty"
)

// ReceiverKinds returns the kinds, sorted.
func ReceiverKinds() []ReceiverKind { return slices.Sorted(maps.Keys(addresses)) }

// Receiver is somebody or something that alerts are sent to.
type Receiver struct {
	// Name is the name that Routes uses. Unique; the name nobody is reserved.
	Name string
	Kind ReceiverKind
	// File is the path of the file with the credential: the URL of a webhook or of Slack, or the integration key of
	// PagerDuty. Alertmanager reads it for each notification, so a new value needs no reload.
	File string
}

func (r Receiver) check() error {
	if addresses[r.Kind] == nil || r.File == "" {
		return fmt.Errorf("receiver %q of kind %q with credential file %q: it must have a file, and a kind out of %v",
			r.Name, r.Kind, r.File, ReceiverKinds())
	}
	return nil
}

// nobody is the receiver of a severity without one. It has no address.
const nobody = "nobody"

func orNobody(name string) string { return cmp.Or(name, nobody) }

// receiver is a receiver as Alertmanager knows it. One of the lists has one element.
type receiver struct {
	Name      string      `yaml:"name"`
	Webhook   []webhook   `yaml:"webhook_configs,omitempty"`
	Slack     []slack     `yaml:"slack_configs,omitempty"`
	PagerDuty []pagerDuty `yaml:"pagerduty_configs,omitempty"`
}

type webhook struct {
	URLFile      string `yaml:"url_file"`
	SendResolved bool   `yaml:"send_resolved"`
}

type slack struct {
	APIURLFile   string `yaml:"api_url_file"`
	SendResolved bool   `yaml:"send_resolved"`
	// Text is the body of a message. Alertmanager's own has none, and the title names the alert alone.
	Text string `yaml:"text"`
}

type pagerDuty struct {
	RoutingKeyFile string `yaml:"routing_key_file"`
	SendResolved   bool   `yaml:"send_resolved"`
}

// annotations is a template that writes the annotations of every alert, the summary first and in bold.
const annotations = `{{ range .Alerts }}*{{ .Annotations.summary }}*
{{ range .Annotations.SortedPairs }}{{ if ne .Name "summary" }}{{ .Value }}
{{ end }}{{ end }}{{ end }}`

// addresses fill in a receiver by its kind.
var addresses = map[ReceiverKind]func(filled *receiver, file string, resolved bool){
	Webhook: func(filled *receiver, file string, resolved bool) {
		filled.Webhook = []webhook{{URLFile: file, SendResolved: resolved}}
	},
	Slack: func(filled *receiver, file string, resolved bool) {
		filled.Slack = []slack{{APIURLFile: file, SendResolved: resolved, Text: annotations}}
	},
	PagerDuty: func(filled *receiver, file string, resolved bool) {
		filled.PagerDuty = []pagerDuty{{RoutingKeyFile: file, SendResolved: resolved}}
	},
}

// receivers returns the declared receivers, and nobody. They also learn when an alert is over, except for the
// heartbeat's: its end is the silence that the receiver waits for, and a notification of it would be one more beat.
func (args AlertmanagerArgs) receivers() []receiver {
	all := []receiver{{Name: nobody}}
	for _, one := range args.Receivers {
		filled := receiver{Name: one.Name}
		addresses[one.Kind](&filled, one.File, one.Name != args.Routes.Heartbeat)
		all = append(all, filled)
	}
	return all
}
