package pipeline

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/monitoring/logging/pipeline/pipelinetest"
)

// The collector is written in Go: a pattern means the same there as in these tests. That its operators apply them in
// this order is proven on the real one (internal/enginetest/full).

// redact replaces credentials as the operators do.
func redact(line string) string {
	for _, kind := range slices.Concat(shapes, assigned) {
		if slices.ContainsFunc(kind.hints, func(hint string) bool { return strings.Contains(strings.ToLower(line), hint) }) {
			line = regexp.MustCompile(kind.pattern).ReplaceAllString(line, kind.with)
		}
	}
	return line
}

func TestACredentialIsReplacedAndTheRestOfTheLineKept(t *testing.T) {
	repeated := strings.Repeat("aB3", 20)
	for line, want := range map[string]string{
		// Headers.
		`GET / Authorization: Bearer abc.def-123 200`:         `GET / Authorization: Bearer [redacted] 200`,
		`GET / authorization: Basic dXNlcjpwYXNz 200`:         `GET / authorization: Basic [redacted] 200`,
		`{"Authorization":"Bearer xyz","status":200}`:         `{"Authorization":"Bearer [redacted]","status":200}`,
		`{"Authorization":["Bearer xyz"],"status":200}`:       `{"Authorization":["Bearer [redacted]"],"status":200}`,
		`curl -H 'Authorization: Token 0123' https://a`:       `curl -H 'Authorization: Token [redacted]' https://a`,
		`sent bearer ` + repeated + ` to auth`:                `sent bearer [redacted] to auth`,
		`sent Basic dXNlcjpwYXNzd29yZA== to auth`:             `sent Basic [redacted] to auth`,
		`Set-Cookie: session=abc; Path=/`:                     `Set-Cookie: [redacted]; Path=/`,
		`jwt eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl accepted`: `jwt [redacted] accepted`,
		// URLs.
		`postgres://app:s3cr3t!@db:5432/shop?sslmode=require`: `postgres://app:[redacted]@db:5432/shop?sslmode=require`,
		`redis://:s3cr3t@cache:6379/0 is slow`:                `redis://:[redacted]@cache:6379/0 is slow`,
		`https://host:8080/path?mail=a@b.c`:                   `https://host:8080/path?mail=a@b.c`,
		// Keys of vendors.
		`key AKIAIOSFODNN7EXAMPLE used`:                                    `key [redacted] used`,
		`key AIza` + strings.Repeat("x", 35) + ` used`:                     `key [redacted] used`,
		`key ya29.` + repeated + ` used`:                                   `key [redacted] used`,
		`key ghp_` + strings.Repeat("x", 36) + ` used`:                     `key [redacted] used`,
		`key github_pat_` + strings.Repeat("x", 82) + ` used`:              `key [redacted] used`,
		`key xoxb-123456789012-abcdefghij used`:                            `key [redacted] used`,
		`key xapp-1-A0123-456-` + repeated + ` used`:                       `key [redacted] used`,
		`to https://hooks.slack.com/services/T00000000/B0000/xxxxxxxx now`: `to https://[redacted] now`,
		`key sk_live_0123456789abcdef used`:                                `key [redacted] used`,
		`key whsec_0123456789abcdef0123 used`:                              `key [redacted] used`,
		// Private keys.
		"-----BEGIN RSA PRIVATE KEY-----\nMIIE\nAbc=\n-----END RSA PRIVATE KEY-----\nloaded": "[redacted]\nloaded",
		`{"k":"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n","n":1}`:       `{"k":"[redacted]\n","n":1}`,
		"read -----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk":                          "read [redacted]",
		"QmFy\n-----END EC PRIVATE KEY-----\nloaded":                                         "[redacted]\nloaded",
		// Pairs.
		`user=ann password=hunter2 ok=true`:          `user=ann password=[redacted] ok=true`,
		`user=ann DB_PASSWORD="hunter 2" ok=true`:    `user=ann DB_PASSWORD="[redacted]" ok=true`,
		`user=ann passwd='hunter 2' ok=true`:         `user=ann passwd='[redacted]' ok=true`,
		`login?user=ann&token=abc123&next=/`:         `login?user=ann&token=[redacted]&next=/`,
		`client_secret: abc, scope: read`:            `client_secret: [redacted], scope: read`,
		`AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7 run`: `AWS_SECRET_ACCESS_KEY=[redacted] run`,
		`api-key=abc x-api-key: def done`:            `api-key=[redacted] x-api-key: [redacted] done`,
		// JSON, at any depth.
		`{"a":{"b":[{"password":"hunter2","c":1}]}}`:      `{"a":{"b":[{"password":"[redacted]","c":1}]}}`,
		`{"a":{"accessToken": "x\"y","c":1}}`:             `{"a":{"accessToken": "[redacted]","c":1}}`,
		`{"secret":12345,"c":1}`:                          `{"secret":"[redacted]","c":1}`,
		`{"tokens":["a","b"],"c":1}`:                      `{"tokens":"[redacted]","c":1}`,
		`{"body":"{\"password\":\"hunter2\",\"c\":1}"}`:   `{"body":"{\"password\":\"[redacted]\",\"c\":1}"}`,
		`{"msg":"a\u0026password\u003dhunter2\u0026c=1"}`: `{"msg":"a\u0026password\u003d[redacted]\u0026c=1"}`,
		// No credentials.
		`{"token_count":17,"passwordless":true}`:      `{"token_count":17,"passwordless":true}`,
		`basic authentication is off, bearer of news`: `basic authentication is off, bearer of news`,
		`the password of ann was changed`:             `the password of ann was changed`,
		`secretary=bob`:                               `secretary=bob`,
	} {
		assert.Equal(t, want, redact(line), line)
	}
}

func TestEveryKindOfCredentialIsPlanted(t *testing.T) {
	planted := map[string]int{}
	for _, one := range pipelinetest.Credentials() {
		planted[one.Kind]++
		left := redact(one.Line)
		assert.NotContains(t, left, one.Secret, one.Kind)
		assert.Contains(t, left, one.Kept, one.Kind)
	}
	for _, kind := range slices.Concat(shapes, assigned) {
		assert.Positive(t, planted[kind.name], kind.name)
	}
	assert.Len(t, vendors, planted["keys-of-vendors"])
}

// traces are what programs print, with the first line of each entry that it must become.
var traces = map[string]string{
	"Java": `|2026-01-01 10:00:00 ERROR cannot pay
java.lang.IllegalStateException: no amount
	at com.shop.Pay.pay(Pay.java:10)
	at com.shop.Main.main(Main.java:5)
Caused by: java.sql.SQLException: closed
	at com.shop.Db.get(Db.java:7)
	... 2 more
|2026-01-01 10:00:01 INFO next`,
	"Java, nobody caught it": `|Exception in thread "main" java.lang.RuntimeException: boom
	at com.shop.Main.main(Main.java:5)
|done`,
	"Python": `|ERROR:root:cannot pay
Traceback (most recent call last):
  File "/app/pay.py", line 3, in pay
    raise ValueError("no amount")
ValueError: no amount

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/main.py", line 9, in main
    pay()
shop.errors.PaymentException: failed
|INFO:root:next`,
	"Go": `|panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x48f0a1]

goroutine 1 [running]:
main.(*shop).pay(0x0, {0xc000012345, 0x2})
	/app/main.go:10 +0x1d
main.main()
	/app/main.go:5 +0x1d
created by net/http.(*Server).Serve in goroutine 7
	/usr/local/go/src/net/http/server.go:3285 +0x4b4
exit status 2
|2026/01/01 10:00:01 next`,
	"Node": `|/app/pay.js:3
    throw new Error("no amount")
    ^

Error: no amount
    at pay (/app/pay.js:3:11)
    at Module._compile (node:internal/modules/cjs/loader:1554:14)

Node.js v22.14.0
|next`,
	"a printed object": `|{
  "a": [
    1
  ]
}
|next`,
	"a private key": `|-----BEGIN RSA PRIVATE KEY-----
MIIEowIBAAKCAQEA0123456789abcdefghijABCDEFGHIJ0123456789abcdefgh
Zm9vYmFy=
-----END RSA PRIVATE KEY-----
|loaded`,
	"lines that belong to nobody": `|starting
|listening on :8000
|GET /healthz 200
|Errors are counted
|Done (in 3 s)`,
}

func TestTheLinesOfAStackTraceAreOneEntry(t *testing.T) {
	goesOn := regexp.MustCompile(continuation())
	for language, text := range traces {
		for _, line := range strings.Split(text, "\n") {
			first, begins := strings.CutPrefix(line, "|")
			assert.Equal(t, !begins, goesOn.MatchString(first), "%s: %s", language, first)
		}
	}
}

// say returns the level and the request that a line without JSON has.
func say(line string) (string, string) {
	found := map[string]string{}
	for _, one := range written {
		pattern := regexp.MustCompile(one.pattern)
		match := pattern.FindStringSubmatch(line)
		if match != nil && found[one.attribute] == "" {
			found[one.attribute] = match[pattern.SubexpIndex(one.attribute)]
		}
	}
	return found[level], found[RequestID]
}

// severityOf returns the severity of a level.
func severityOf(level string) string {
	for severity, names := range levels {
		for _, name := range names {
			if strings.EqualFold(name, level) {
				return severity
			}
		}
	}
	return ""
}

func TestALineSaysItsLevelAndItsRequest(t *testing.T) {
	for line, want := range map[string][2]string{
		`level=warning msg="slow" request_id=r-1`:                         {"warn", "r-1"},
		`ts=2026-01-01 lvl="eror" X-Request-ID: r-2`:                      {"", "r-2"},
		`2026-01-01 10:00:00,123 ERROR [main] c.s.Pay - no requestId=r-3`: {"error", "r-3"},
		`[2026-01-01] [INFO] ready`:                                       {"info", ""},
		`I0102 10:00:00.123456 1 main.go:5] ready`:                        {"info", ""},
		`E0102 10:00:00.123456 1 main.go:5] no`:                           {"error", ""},
		`CRITICAL:root:no`:                                                {"fatal", ""},
		`panic: no`:                                                       {"fatal", ""},
		"Traceback (most recent call last):\n  File":                      {"error", ""},
		"/app/pay.js:3\n  throw\n\nTypeError: no\n    at":                 {"error", ""},
		`informing everybody`:                                             {"", ""},
	} {
		level, request := say(line)
		assert.Equal(t, want, [2]string{severityOf(level), request}, line)
	}
}

func TestNoLevelHasTwoSeverities(t *testing.T) {
	seen := map[string]string{}
	for severity, names := range levels {
		for _, name := range names {
			assert.Empty(t, seen[name], name)
			assert.Equal(t, strings.ToLower(name), name, "names are looked up in lower case")
			seen[name] = severity
		}
	}
	// https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber
	assert.Len(t, levels, 6)
}

// An operator without an output hands on to the next one in the list, and a router to nobody but its own.
func TestEveryOperatorIsReached(t *testing.T) {
	all := operators()
	known := map[string]bool{}
	for _, one := range all {
		require.False(t, known[one.ID], one.ID)
		known[one.ID] = true
	}
	reached := map[string]bool{all[0].ID: true}
	for i, one := range all {
		require.True(t, reached[one.ID], one.ID)
		for _, next := range outputs(one) {
			require.True(t, known[next], "%s hands on to %s", one.ID, next)
			reached[next] = true
		}
		if one.Output == "" && one.Type != "router" && i+1 < len(all) {
			reached[all[i+1].ID] = true
		}
	}
	assert.Greater(t, len(all), 40)
}

func outputs(of operator) []string {
	all := of.Default
	for _, one := range of.Routes {
		all = append(all, one.Output...)
	}
	if of.Output != "" {
		all = append(all, of.Output)
	}
	return all
}

// Before a credential is replaced, nothing has made a field of the line.
func TestCredentialsAreReplacedBeforeFieldsAreMade(t *testing.T) {
	replaced := false
	for _, one := range operators() {
		if one.ID == redactionStart {
			replaced = true
		}
		if one.ParseTo != "" || one.Type == "move" {
			assert.True(t, replaced, one.ID)
		}
		if replaced {
			assert.NotContains(t, []string{"container", "recombine"}, one.Type, "what is joined later could be half of one")
		}
	}
	assert.True(t, replaced)
}
