package pipeline

import (
	"fmt"
	"slices"
	"strings"
)

// Redacted stands where something was that looks like a credential.
const Redacted = "[redacted]"

// credential is a kind of text that looks like a credential, and is replaced before anything else looks at the line: a
// field that is made of the line later never had it.
type credential struct {
	name string
	// hints are texts of which a line with it has at least one, in lower case. To look for a text is a hundred times
	// cheaper than to look for a pattern, and most lines have none.
	hints []string
	// pattern matches it (https://github.com/google/re2/wiki/Syntax).
	pattern string
	// with is what replaces the match. It keeps the groups of the pattern, which are no secret.
	with string
}

// shapes are credentials that are known by their shape. The prefixes are those that their issuers publish.
var shapes = []credential{
	// https://www.rfc-editor.org/rfc/rfc7468#section-10, also within a JSON string, where line ends are escaped, and
	// without its end, where it was cut.
	{
		"private-key", []string{"private key"},
		`-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----` +
			`(?:[^"]*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|[A-Za-z0-9+/=\s\\]*)`,
		Redacted,
	},
	// The rest of one whose beginning was another line, because its lines were not written at once.
	{
		"private-key-end", []string{"private key"},
		`[A-Za-z0-9+/=]+(?:\s|\\[nr])*-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----`, Redacted,
	},
	// https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2
	{
		"authorization-header", []string{"authorization"},
		`(?i)(authorization\\*["']?\s*[:=]\s*(?:\\*["'\[])*(?:[a-z0-9-]+\s+)?)[^\s"'\\,;\]]+`, `$1` + Redacted,
	},
	// https://www.rfc-editor.org/rfc/rfc6750#section-2.1 and https://www.rfc-editor.org/rfc/rfc7617#section-2, without the
	// name of the header. Shorter words are prose.
	{
		"authorization-scheme", []string{"bearer", "basic"},
		`(?i)\b(bearer|basic)\s+[a-z0-9._~+/-]{16,}=*`, `$1 ` + Redacted,
	},
	// https://www.rfc-editor.org/rfc/rfc7519#section-3
	{"json-web-token", []string{"eyj"}, `\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*`, Redacted},
	// https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
	{"url-userinfo", []string{"://"}, `(?i)\b([a-z][a-z0-9+.-]*://[^/\s:@"'\\]*:)[^/\s@"'\\]+@`, `$1` + Redacted + `@`},
	{"keys-of-vendors", hintsOfVendors, `(?:` + strings.Join(vendors, `|`) + `)`, Redacted},
}

// vendors are the keys of services that others offer.
var vendors = []string{
	// AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
	`\b(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[A-Z0-9]{16}\b`,
	// Google Cloud, keys and access tokens: https://docs.cloud.google.com/docs/authentication/api-keys and
	// https://docs.cloud.google.com/docs/authentication/token-types
	`\bAIza[\w-]{35}`, `\bya29\.[\w-]{20,}`,
	// GitHub: https://github.blog/engineering/behind-githubs-new-authentication-token-formats
	`\bgh[pousr]_[0-9A-Za-z]{36,}`, `\bgithub_pat_\w{60,}`,
	// Slack: https://docs.slack.dev/authentication/tokens and
	// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
	`\bxox[abeoprs]-[0-9A-Za-z-]{10,}`, `\bxapp-\d-[0-9A-Za-z-]{10,}`, `\bhooks\.slack\.com/services/[\w/]{20,}`,
	// Stripe: https://docs.stripe.com/keys and https://docs.stripe.com/webhooks
	`\b(?:sk|rk|pk)_(?:test|live)_[0-9A-Za-z]{10,}`, `\bwhsec_[0-9A-Za-z+/=]{16,}`,
}

var hintsOfVendors = []string{
	"a3t", "abia", "acca", "akia", "asia", "aiza", "ya29.", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "xox",
	"xapp-", "hooks.slack.com", "sk_", "rk_", "pk_", "whsec_",
}

// names are the ends of names whose values are credentials, in any case
// (https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#data-to-exclude). A longer name, such as
// token_count, is none.
const names = `(?:password|passwd|passphrase|pwd|secret|token|credential|cookie|signature` +
	`|(?:api|access|account|private|secret|signing|encryption|storage)[_-]?key)s?`

var hintsOfNames = []string{
	"passw", "passphrase", "pwd", "secret", "token", "credential", "cookie", "signature", "key",
}

// assigned are the values of such names, in the notations of a JSON object and of a pair in a text. A quoted value ends
// at its quote, another one where a pair ends.
var assigned = []credential{
	{"string", hintsOfNames, `(?i)(` + names + `\\*["']?\s*[:=]\s*")(?:[^"\\]|\\.)*`, `$1` + Redacted},
	// A JSON object within a JSON string.
	{
		"escaped-string", hintsOfNames,
		`(?i)(` + names + `(?:\\+["'])?\s*[:=]\s*\\+["'])(?:[^"'\\]|\\+[^"'\\])*`, `$1` + Redacted,
	},
	{"single-quoted-string", hintsOfNames, `(?i)(` + names + `["']?\s*[:=]\s*')[^']*`, `$1` + Redacted},
	{"list", hintsOfNames, `(?i)(` + names + `"\s*:\s*)\[[^\[\]{}]*\]`, `$1"` + Redacted + `"`},
	{"number", hintsOfNames, `(?i)(` + names + `"\s*:\s*)[^\s"'\\,}\[{]+`, `$1"` + Redacted + `"`},
	// Some write = as an escape within a JSON string.
	{"word", hintsOfNames, `(?i)(` + names + `\s*(?:[:=]|\\u003d)\s*)[^\s"'\\,;&\]})\[{(]+`, `$1` + Redacted},
}

const redactionStart = "redact-private-key"

// redacted replaces credentials in the body, and hands the line on to the next operator.
func redacted(next string) []operator {
	return replaced(slices.Concat(shapes, assigned), "redact-", next)
}

// hasOneOf returns the condition that the body has one of these texts.
func hasOneOf(texts []string) string {
	var all []string
	for _, text := range texts {
		all = append(all, fmt.Sprintf("text contains %q", text))
	}
	return "let text = lower(body); " + strings.Join(all, " or ")
}

// replaced returns an operator for each kind, in order. The last one hands on to the next operator.
func replaced(kinds []credential, prefix, next string) []operator {
	var all []operator
	for _, kind := range kinds {
		all = append(all, operator{
			Type: "regex_replace", ID: prefix + kind.name, Field: "body", If: hasOneOf(kind.hints),
			Regex: literal(kind.pattern), ReplaceWith: literal(kind.with),
		})
	}
	all[len(all)-1].Output = next
	return all
}
