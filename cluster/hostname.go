package cluster

import (
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// IsHostname reports whether a name can be that of a host: labels of DNS, of which the last is no number, as it is in
// an address. Ingresses and certificates take no address for a name (ValidateIngress in
// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/apis/networking/validation/validation.go).
func IsHostname(name string) bool {
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if !isDNSLabel(label) {
			return false
		}
	}
	return len(validation.IsDNS1123Subdomain(name)) == 0 && !number.MatchString(labels[len(labels)-1])
}

var number = regexp.MustCompile(`^[0-9]+$`)
