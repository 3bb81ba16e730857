package config

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/invalid"
)

// addressRule says what a URL of something in the network may hold. All of it stands in objects that many may read, so
// that there is room for no credentials, wherever these would be: before the host, in the query or behind it.
type addressRule struct {
	schemes []string
	// path says what may follow the host.
	path *regexp.Regexp
	// rule says this in words.
	rule string
}

var (
	redisRule = addressRule{
		schemes: []string{"redis", "rediss"}, path: regexp.MustCompile(`^(/[0-9]{0,4})?$`),
		rule: "must be a URL such as redis://host:6379/0, without credentials and query: it is read from a ConfigMap",
	}
	prometheusRule = addressRule{
		schemes: []string{"http", "https"}, path: regexp.MustCompile(`^[a-zA-Z0-9._~/-]*$`),
		rule: "must be an http or https URL without credentials and query",
	}
)

// validate shows no address that may hold a password.
func (r addressRule) validate(key, address string, problems *invalid.Problems) {
	switch at, err := url.Parse(address); {
	case err != nil, at.User != nil, strings.ContainsAny(address, "@?#"):
		problems.AddSecret(key, "%s", r.rule)
	case !slices.Contains(r.schemes, at.Scheme), !isHost(at.Hostname()), !r.path.MatchString(at.EscapedPath()):
		problems.Add(key, address, "%s", r.rule)
	case at.Port() != "" && !isPort(at.Port()), strings.HasSuffix(at.Host, ":"):
		problems.Add(key, address, "%s", r.rule)
	}
}

// validateBrokers shows no list that may hold a password.
func validateBrokers(key, servers string, problems *invalid.Problems) {
	const rule = "must be host:port, several with commas and nothing else between them"
	if strings.ContainsAny(servers, "@?=") {
		problems.AddSecret(key, "%s, without credentials: it is read from a ConfigMap", rule)
		return
	}
	for _, server := range strings.Split(servers, ",") {
		if host, port, err := net.SplitHostPort(server); err != nil || !isHost(host) || !isPort(port) {
			problems.Add(key, servers, "%s", rule)
			return
		}
	}
}

// isHost reports whether one can connect to something of that name. Case is nothing to a resolver.
func isHost(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || cluster.IsHostname(strings.ToLower(strings.TrimSuffix(host, ".")))
}

func isPort(text string) bool {
	number, err := strconv.ParseUint(text, 10, 16)
	return err == nil && number > 0
}
