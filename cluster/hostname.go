package cluster

import (
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// IsHostname reports whether a name can be a host name: DNS labels, the last of which is not a number as it would be in
// an IP address. Ingresses and certificates do not accept an address as a name (ValidateIngress in
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
