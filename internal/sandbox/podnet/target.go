package podnet

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// target is the host and port of a request.
type target struct {
	host string
	port int
}

// httpPort is the port of a URL that names none.
const httpPort = 80

func parse(host string) (target, error) {
	name, text, err := net.SplitHostPort(host)
	if err != nil { // the only other form is a host without a port
		return target{host: host, port: httpPort}, nil
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return target{}, fmt.Errorf("reading the port: %w", err)
	}
	return target{host: name, port: int(port)}, nil
}

// service returns the namespace and name in the host name of a Service, of which the suffix may be missing
// (https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services). A name without a
// namespace means another Service in each namespace, and is none here.
func (t target) service() (namespace, name string, ok bool) {
	if _, err := netip.ParseAddr(t.host); err == nil {
		return "", "", false
	}
	labels := strings.Split(strings.TrimSuffix(t.host, "."), ".")
	if len(labels) < 2 || len(labels) > 2+len(zone) || !slices.Equal(labels[2:], zone[:len(labels)-2]) {
		return "", "", false
	}
	return labels[1], labels[0], true
}

// zone is the end of the host names of Services.
var zone = []string{"svc", "cluster", "local"}
