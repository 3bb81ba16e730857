// Package pipelinetest has lines with credentials that nobody may find in a store.
package pipelinetest

import (
	"fmt"
	"strings"
)

// Planted is a line with something that looks like a credential.
type Planted struct {
	// Kind is the kind of credential, one for each pattern of the pipeline.
	Kind string
	// Line is the line, Secret the part of it that must go, and Kept a part that must stay, and that no other line has.
	Line, Secret, Kept string
}

// Credentials returns a line for each kind. None of them opens anything: they only have the shape.
func Credentials() []Planted {
	letters := strings.Repeat("aB3", 14)
	all := []Planted{
		{
			"private-key", "loaded -----BEGIN PRIVATE KEY-----\n" + letters + "\n-----END PRIVATE KEY-----\n in time",
			letters, "in time",
		},
		{"private-key-end", "Zm9vYmFyMQ==\n-----END PRIVATE KEY-----\n in time", "Zm9vYmFyMQ", "in time"},
		{"authorization-header", "GET / Authorization: Digest q1w2e3r4 in time", "q1w2e3r4", "in time"},
		{"authorization-scheme", "sent bearer t0k" + letters + " in time", "t0k" + letters, "in time"},
		{"json-web-token", "got eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl in time", "eyJzdWIiOiIx", "in time"},
		{"url-userinfo", "to postgres://app:u5erinf0@db:5432/shop in time", "u5erinf0", "db:5432/shop in time"},
		{"string", `{"level":"info","a":{"b":[{"clientSecret":"c11ent 5ecret","kept":"in time"}]}}`, "5ecret", "in time"},
		{"escaped-string", `{"level":"info","kept":"in time","sent":"{\"apiKey\":\"e5caped\"}"}`, "e5caped", "in time"},
		{"single-quoted-string", "with passphrase='5ingle quoted' in time", "5ingle", "in time"},
		{"list", `{"level":"info","kept":"in time","tokens":["1isted","too"]}`, "1isted", "in time"},
		{"number", `{"level":"info","kept":"in time","secret":918273645}`, "918273645", "in time"},
		{"word", "user=ann password=hunter2w0rd in time", "hunter2w0rd", "in time"},
	}
	for _, key := range []string{
		"AKIAIOSFODNN7EXAMPLE", "AIza" + letters[:35], "ya29." + letters, "ghp_" + letters, "github_pat_" + letters + letters,
		"xoxb-" + letters, "xapp-1-" + letters, "hooks.slack.com/services/T0/B0/" + letters, "sk_live_" + letters,
		"whsec_" + letters,
	} {
		all = append(all, Planted{"keys-of-vendors", "used " + key + " in time", key, "in time"})
	}
	for i := range all {
		kept := fmt.Sprintf("in time %02d", i)
		all[i].Line = strings.Replace(all[i].Line, "in time", kept, 1)
		all[i].Kept = strings.Replace(all[i].Kept, "in time", kept, 1)
	}
	return all
}
