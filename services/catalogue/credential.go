package catalogue

import "regexp"

// credentials match text that has no other purpose: a password before the host of a URL, one in its query, and a
// private key.
var credentials = []*regexp.Regexp{
	regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/?#@]*:[^\s/?#@]+@`),
	regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://\S*[?&#;]` +
		`(pass|passwd|password|pwd|secret|client_secret|token|access_token|auth_token|api_?key|access_?key|sig|signature)` +
		`=[^\s&]`),
	regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----`),
}

// HoldsCredential reports whether a plain value contains a credential, which belongs among the secrets.
func HoldsCredential(value string) bool {
	for _, credential := range credentials {
		if credential.MatchString(value) {
			return true
		}
	}
	return false
}
