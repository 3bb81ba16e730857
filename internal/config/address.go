package config

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/invalid"
)

// addressRule restricts the URL of an endpoint in the network. The URL appears in objects that many may read, so it
// must contain no credentials: neither before the host, nor in the query, nor after it.
type addressRule struct {
	schemes []string
	// path matches the text allowed after the host.
	path *regexp.Regexp
	// rule states the restriction in words.
	rule string
}

var prometheusRule = addressRule{
	schemes: []string{"http", "https"}, path: regexp.MustCompile(`^[a-zA-Z0-9._~/-]*$`),
	rule: "must be an http or https URL without credentials and query",
}

// validate never shows an address that may hold a password.
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

// isHost reports whether the text is a name or address to connect to. Resolvers ignore case.
func isHost(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || cluster.IsHostname(strings.ToLower(strings.TrimSuffix(host, ".")))
}

func isPort(text string) bool {
	number, err := strconv.ParseUint(text, 10, 16)
	return err == nil && number > 0
}
