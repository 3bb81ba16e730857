package changes

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// Report prints a line for each resource that an operation changes. The engine itself prints every state of every
// resource, changed or not. Errors are reported together at the end.
type Report struct {
	out   io.Writer
	color colors.Colorization
	now   func() time.Time
	// expected is the number of lines, or 0 if it is not known.
	expected int

	begun map[string]time.Time
	shown int
	said  map[string]bool
	// last is the time of the last output, or of the start.
	last time.Time
}

// NewReport returns a report that writes to out, or nothing where that is nil. Expected is the number of lines that the
// operation will produce, or 0 if it is not known.
func NewReport(out io.Writer, color colors.Colorization, expected int) *Report {
	return &Report{
		out: out, color: color, now: time.Now, expected: expected,
		begun: map[string]time.Time{}, said: map[string]bool{}, last: time.Now(),
	}
}

// Show handles the next event of the engine.
func (r *Report) Show(event apitype.EngineEvent) {
	switch {
	case r.out == nil:
	case event.ResourcePreEvent != nil:
		r.begun[event.ResourcePreEvent.Metadata.URN] = r.now()
	case event.ResOutputsEvent != nil:
		r.ended(event.ResOutputsEvent.Metadata, event.ResOutputsEvent.Planning)
		delete(r.begun, event.ResOutputsEvent.Metadata.URN)
	case event.ResOpFailedEvent != nil:
		r.line(event.ResOpFailedEvent.Metadata, "FAILED", colors.SpecError, "")
		delete(r.begun, event.ResOpFailedEvent.Metadata.URN)
	case event.DiagnosticEvent != nil:
		r.remark(*event.DiagnosticEvent)
	case event.SummaryEvent != nil && !event.SummaryEvent.IsPreview:
		r.print("%s in %ds\n", Counted(event.SummaryEvent.ResourceChanges), event.SummaryEvent.DurationSeconds)
	}
}

const (
	// silence is the time without output after which the report names what it waits for.
	silence = 15 * time.Second
	// named is the maximum number of awaited resources that are named.
	named = 3
)

// Idle reports what the operation waits for, after a time without output. Components are omitted: they are complete
// when their parts are.
func (r *Report) Idle() {
	if r.out == nil || r.now().Sub(r.last) < silence {
		return
	}
	var waiting []string
	for at := range r.begun {
		if part := urn.URN(at); part.Type().Package() != "dreamseed" && part.QualifiedType() != "pulumi:pulumi:Stack" {
			waiting = append(waiting, kind(part)+" "+part.Name())
		}
	}
	slices.Sort(waiting)
	if more := len(waiting) - named; more > 0 {
		waiting = append(waiting[:named], fmt.Sprintf("%d more", more))
	}
	r.print("waiting for %s\n", cmp.Or(strings.Join(waiting, ", "), "the engine"))
}

// outcome holds the words for what happened to a resource and for what a preview expects, and their colour.
type outcome struct{ did, will, color string }

// outcomes lists the operations that are shown. The others leave the resource unchanged, or are one half of another
// operation.
var outcomes = map[apitype.OpType]outcome{
	apitype.OpCreate:            {"created", "create", colors.SpecCreate},
	apitype.OpUpdate:            {"updated", "update", colors.SpecUpdate},
	apitype.OpDelete:            {"deleted", "delete", colors.SpecDelete},
	apitype.OpCreateReplacement: {"created anew", "create anew", colors.SpecCreateReplacement},
	apitype.OpDeleteReplaced:    {"deleted the old", "delete the old", colors.SpecDeleteReplaced},
	apitype.OpImport:            {"imported", "import", colors.SpecRead},
}

// Lines returns the number of lines that the steps of a plan produce.
func Lines(steps []Step) int {
	count := 0
	for _, step := range steps {
		if _, shown := outcomes[step.Operation]; shown {
			count++
		}
	}
	return count
}

func (r *Report) ended(what apitype.StepEventMetadata, planning bool) {
	became, shown := outcomes[what.Op]
	switch word := found(what); {
	case what.Op == apitype.OpRefresh && word != "":
		r.line(what, word, colors.SpecWarning, paths(what))
	case !shown:
	case planning:
		r.line(what, became.will, became.color, paths(what))
	default:
		r.line(what, became.did, became.color, "")
	}
}

// found describes the result of a refresh.
func found(what apitype.StepEventMetadata) string {
	switch {
	case what.New == nil:
		return "is gone"
	case len(what.New.InitErrors) > 0:
		return "is not well"
	case len(what.DetailedDiff)+len(what.Diffs) > 0:
		return "was changed"
	}
	return ""
}

// paths returns the names of the properties that differ, without their values.
func paths(what apitype.StepEventMetadata) string {
	names := slices.Sorted(maps.Keys(what.DetailedDiff))
	if len(names) == 0 {
		names = what.Diffs
	}
	if what.Op == apitype.OpCreate || what.Op == apitype.OpDelete || len(names) == 0 {
		return ""
	}
	return " [" + strings.Join(names, ", ") + "]"
}

// line prints a line such as "[ 17/123] created Deployment auth-deployment 1.2s".
func (r *Report) line(what apitype.StepEventMetadata, word, color, more string) {
	// A component reports its end twice: when it is registered, and when it has its outputs.
	if r.first(what.URN + word) {
		r.write(what, color+fmt.Sprintf("%-8s", word)+colors.Reset, more)
	}
}

// first reports whether this was not printed before.
func (r *Report) first(said string) bool {
	before := r.said[said]
	r.said[said] = true
	return !before
}

func (r *Report) write(what apitype.StepEventMetadata, word, more string) {
	r.shown++
	count := ""
	if r.expected > 0 {
		total := fmt.Sprint(max(r.expected, r.shown))
		count = fmt.Sprintf("[%*d/%s] ", len(total), r.shown, total)
	}
	took := ""
	if begun, known := r.begun[what.URN]; known && r.expected > 0 {
		took = fmt.Sprintf(" %.1fs", r.now().Sub(begun).Seconds())
	}
	at := urn.URN(what.URN)
	r.print("%s%s %s %s%s%s\n", count, word, kind(at), at.Name(), more, took)
}

// kind returns the last part of a resource's type, such as "Deployment".
func kind(at urn.URN) string { return string(at.Type().Name()) }

// remark prints a diagnostic once, unless it is an error or ephemeral.
func (r *Report) remark(said apitype.DiagnosticEvent) {
	text := strings.TrimSpace(colors.Never.Colorize(said.Message))
	about := ResourceName(urn.URN(said.URN))
	if said.Severity == "error" || said.Ephemeral || text == "" || !r.first(about+text) {
		return
	}
	r.print("%s\n", strings.TrimPrefix(Failure{Resource: about, Reason: said.Severity + ": " + text}.String(), "info: "))
}

func (r *Report) print(format string, arguments ...any) {
	r.last = r.now()
	// A failed write is left for the engine's own output to notice.
	_, _ = io.WriteString(r.out, r.color.Colorize(fmt.Sprintf(format, arguments...)))
}

// Counted returns a summary such as "1 created, 2 updated, 120 unchanged".
func Counted(changes map[apitype.OpType]int) string {
	var parts []string
	for _, operation := range slices.Sorted(maps.Keys(changes)) {
		if !isQuiet(operation) && changes[operation] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", changes[operation], cmp.Or(outcomes[operation].did, string(operation))))
		}
	}
	return strings.Join(append(parts, fmt.Sprintf("%d unchanged", changes[apitype.OpSame])), ", ")
}
