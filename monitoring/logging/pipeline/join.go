package pipeline

import "strings"

// streams are those of a container. The parts of their lines may be mixed in one file, so each stream has operators of
// its own: a single one would join parts of both.
var streams = []string{"stdout", "stderr"}

// maxLine is the longest line, in bytes. VictoriaLogs drops a line of more than 2 MB, fields included
// (https://docs.victoriametrics.com/victorialogs/faq/#what-length-a-log-record-is-expected-to-have).
const maxLine = 1536 * kibibyte

// joined joins what belongs together, and hands it on to the next operator.
func joined(next string) []operator {
	all := []operator{{
		// A rotated file is of the same container, and may begin with the rest of a line.
		Type: "regex_replace", ID: "path", If: filePath + ` contains ".log."`, Field: filePath,
		Regex: literal(`\.log\.[^/]*$`), ReplaceWith: ".log",
	}, {
		Type: "router", ID: "stream", Default: []string{streams[0]},
		Routes: []route{{Expr: `body matches "^[^ ]+ stderr "`, Output: []string{streams[1]}}},
	}}
	for _, stream := range streams {
		all = append(all, whole(stream)...)
		all = append(all,
			operator{Type: "container", ID: stream + "-line", Format: "containerd", MaxLogSize: maxLine},
			operator{
				Type: "recombine", ID: stream + "-trace", If: "not (" + isObject + ")", CombineField: "body",
				IsFirstEntry: `not (body matches ` + quoted(continuation()) + `)`,
				// A line may be the last one for long: nobody waits longer than this for it.
				ForceFlushPeriod: "1s",
				MaxLogSize:       maxLine, MaxBatchSize: maxTraceLines, MaxUnmatchedBatchSize: maxTraceLines,
				Output: next,
			})
	}
	return all
}

// whole makes one line of its parts: the runtime cuts lines into parts of 16 KB, and writes time, stream and kind
// before each (https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md). The
// operator for containers does it as well, but waits for no part longer than five seconds, as recombine does by default
// (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.165.0/pkg/stanza/docs/operators). A store
// that is away with a full buffer holds the reading up for longer: each time, a line would be cut in two.
func whole(stream string) []operator {
	return []operator{
		{
			Type: "recombine", ID: stream, CombineField: "body", IsLastEntry: `body matches "^[^ ]+ [^ ]+ F"`,
			ForceFlushPeriod: "24h",
			MaxLogSize:       maxLine, MaxBatchSize: maxParts, MaxUnmatchedBatchSize: maxParts,
		},
		{
			Type: "regex_replace", ID: stream + "-parts", If: `body contains "\n"`, Field: "body",
			Regex: literal(`\n[^ ]+ [^ ]+ [^ \n]+ ?`),
		},
		{
			Type: "regex_replace", ID: stream + "-whole", If: `body matches "^[^ ]+ [^ ]+ P"`, Field: "body",
			Regex: literal(`^([^ ]+ [^ ]+) P`), ReplaceWith: literal("${1} F"),
		},
	}
}

// filePath is the path of the file that a line was read from.
const filePath = `attributes["log.file.path"]`

// maxParts is more than the parts of the longest line.
const maxParts = 1000

// maxTraceLines is more than the 1,024 frames that a Java virtual machine prints of an endless recursion.
const maxTraceLines = 2000

// isObject holds for a line that is a JSON object. It is never part of a stack trace, and need not wait for more.
const isObject = `body startsWith "{" and body endsWith "}"`

// continuations are the beginnings of lines that go on with what the line before began.
var continuations = []string{
	// Frames of Java, Python and Node, files of Go, and whatever else is indented; empty lines within.
	`\s`, `$`,
	// Java: causes.
	`Caused by: `,
	// Python: the first and the last line of a trace, and what stands between two of them. Java and Node: the first line.
	// A first line follows the message that the program logged with it.
	`Traceback \(most recent call last\):`,
	`[\w.$]*(?:Error|Exception|Warning|Interrupt|Exit|StopIteration)(?::|$)`,
	`During handling of the above exception`, `The above exception was the direct cause`,
	// Go: goroutines with their functions, and how the program ended.
	`goroutine \d+ `, `created by `, `\[signal `, `[\w./-]+\.[\w.()*\[\]]+\(.*\)$`, `exit status `,
	// Node: its version, after an error that nobody caught.
	`Node\.js v`,
	// The end of an object or list that is printed over several lines.
	`[\]})]`,
	// The lines of a private key, which is only known as one as a whole.
	`[A-Za-z0-9+/]{20,}={0,2}$`, `[A-Za-z0-9+/]+={1,2}$`, `-----END `,
}

func continuation() string { return `^(?:` + strings.Join(continuations, `|`) + `)` }

// quoted returns a pattern as a string of the language of expressions
// (https://expr-lang.org/docs/language-definition), in which a backslash needs another one.
func quoted(pattern string) string {
	return literal(`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(pattern) + `"`)
}
