package components

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// every is the interval of progress lines if there is no terminal for a bar.
const every = 20 * time.Second

// progress shows the build progress of one component. It prints nothing before begin, or before the Go command has work
// to do.
type progress struct {
	out   io.Writer
	title string // the component, and its position among all
	name  string
	began time.Time

	mu         sync.Mutex
	bar        *progressbar.ProgressBar // nil if out is not a terminal
	begun      bool
	downloaded int
	compiled   int
	total      int // 0 if not known

	stopped chan struct{}
	ticking sync.WaitGroup
}

func newProgress(out io.Writer, name, position string) *progress {
	return &progress{
		out: out, name: name, title: fmt.Sprintf("building %s (%s)", name, position),
		began: time.Now(), stopped: make(chan struct{}),
	}
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// begin announces the build of the component.
func (p *progress) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.beginLocked()
}

func (p *progress) beginLocked() {
	if p.begun {
		return
	}
	p.begun = true
	if isTerminal(p.out) {
		p.bar = progressbar.NewOptions(-1, progressbar.OptionSetWriter(p.out), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetDescription(p.title), progressbar.OptionThrottle(100*time.Millisecond))
		return
	}
	p.say("%s", p.title)
	p.ticking.Go(p.tick)
}

// tick prints a line now and then, so that a log shows that the build continues.
func (p *progress) tick() {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-p.stopped:
			return
		case <-ticker.C:
			p.mu.Lock()
			p.say("%s: %s after %s", p.title, p.far(), p.elapsed())
			p.mu.Unlock()
		}
	}
}

// expect sets the maximum number of packages to compile; some may be compiled already.
func (p *progress) expect(packages int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total = packages
	if p.bar != nil {
		p.bar.ChangeMax(packages)
	}
}

// line counts a line of the Go command: a download, or the path of a package that it compiles.
func (p *progress) line(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case strings.HasPrefix(text, "go: downloading "):
		p.downloaded++
	case text == "" || strings.ContainsAny(text, " #\t"):
		return // a message
	default:
		p.compiled++
	}
	p.beginLocked()
	if p.bar != nil {
		p.bar.Describe(p.title + ": " + p.far())
		_ = p.bar.Set(min(p.compiled, max(p.total, 1))) // a bar that cannot be drawn stops no build
	}
}

func (p *progress) far() string {
	switch {
	case p.compiled == 0 && p.total == 0:
		return fmt.Sprintf("downloaded %s modules", thousands(p.downloaded))
	case p.total == 0:
		return fmt.Sprintf("compiled %s packages", thousands(p.compiled))
	}
	return fmt.Sprintf("compiled %s of at most %s packages", thousands(p.compiled), thousands(max(p.total, p.compiled)))
}

// done prints how long the build took, if it had begun.
func (p *progress) done() {
	p.stop()
	if p.begun {
		p.say("built %s in %s", p.name, p.elapsed())
	}
}

// stop ends the progress output. It may be called again.
func (p *progress) stop() {
	select {
	case <-p.stopped:
		return
	default:
	}
	close(p.stopped)
	p.ticking.Wait()
	if p.bar != nil {
		_ = p.bar.Clear() // a bar that cannot be removed stops no build
	}
}

// say prints a line. Failed progress output is no reason to stop a build.
func (p *progress) say(format string, arguments ...any) {
	_, _ = fmt.Fprintf(p.out, format+"\n", arguments...)
}

func (p *progress) elapsed() time.Duration { return time.Since(p.began).Round(time.Second) }

// thousands formats a number with a comma between thousands.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
