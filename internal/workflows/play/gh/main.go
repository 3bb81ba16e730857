// Command gh is a stand-in for GitHub's command line and for GitHub behind it. It keeps pull requests, comments and
// issues in the folder that PLAY_GITHUB names, and refs in the repository that PLAY_REMOTE names. It knows the calls of
// the workflows, and refuses any other.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/pflag"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gh, a stand-in:", err)
		os.Exit(1)
	}
}

func run(words []string) error {
	switch {
	case len(words) > 1 && words[0] == "api":
		return api(words[1:])
	case len(words) > 3 && words[0] == "workflow" && words[1] == "run":
		return dispatch(words[2:])
	default:
		return fmt.Errorf("unknown command %q", words)
	}
}

// call is one request to the API.
type call struct {
	method, path string
	fields       map[string]any
	jq           string
	// pages is 1, or 0 for all of them.
	pages  int
	silent bool
}

func api(words []string) error {
	flags := pflag.NewFlagSet("api", pflag.ContinueOnError)
	method := flags.String("method", "GET", "")
	fields := flags.StringArray("field", nil, "")
	jq := flags.String("jq", ".", "")
	paginate := flags.Bool("paginate", false, "")
	silent := flags.Bool("silent", false, "")
	if err := flags.Parse(words); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("api takes one path, not %q", flags.Args())
	}
	values, err := typed(*fields)
	if err != nil {
		return err
	}
	asked := call{method: *method, path: flags.Arg(0), fields: values, jq: *jq, pages: 1, silent: *silent}
	if *paginate {
		asked.pages = 0
	}
	return asked.answer()
}
