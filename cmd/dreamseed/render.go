package main

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dreamseed/platform/internal/render"
	"github.com/dreamseed/platform/internal/stack"
)

const renderExitCodeHelp = `Exit codes:
  0    done
  1    it went wrong; the message says what and why, and nothing was written
  2    wrong arguments, a folder that would lose something, or a stack that cannot be rendered: nothing was written
  130  interrupted: nothing was written`

type renderFlags struct{ stack, output, repository, path, revision string }

func renderCommand() *cobra.Command {
	var flags renderFlags
	cmd := &cobra.Command{
		Use:   "render",
		Short: "Write the manifests of a stack for GitOps",
		Long: `Reads the stack's state and writes a folder of manifests: every Kubernetes object as it is deployed, in the
order in which it is applied; an Argo CD Application for every Helm release; and a kustomization.yaml with the waves in
which Argo CD applies them, migrations before what runs on the database. It asks no cluster, and changes nothing.

No file holds a secret: what does is left out, and listed in index.md. Argo CD finds the folder in a Git repository:
  dreamseed render --stack production --output manifests/production \
    --repository https://github.com/example/platform.git

A folder that was rendered before is replaced as a whole, unless it is of another stack, or somebody added a file or
changed one. The variables and the login are those of pulumi. The project's docs/gitops.md says how to hand over.

` + renderExitCodeHelp,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return renderStack(cmd, flags) },
	}
	cmd.Flags().StringVar(&flags.stack, "stack", "", "the stack: the name in Pulumi.<stack>.yaml (required)")
	cmd.Flags().StringVar(&flags.output, "output", "", "the folder to write (required)")
	cmd.Flags().StringVar(&flags.repository, "repository", "",
		"the URL of the Git repository in which Argo CD finds the folder (default: no Application of the stack is written)")
	cmd.Flags().StringVar(&flags.path, "path", "", "the folder in the repository (default: the one to write)")
	cmd.Flags().StringVar(&flags.revision, "revision", "", "a branch, a tag or a commit (default: HEAD)")
	return cmd
}

// renderStack looks at the arguments and at the folder before it reads the state, so that the user waits for nothing.
func renderStack(cmd *cobra.Command, flags renderFlags) error {
	project, unknown := projectOf(flags.stack)
	from, wrong := flags.source()
	if err := errors.Join(unknown, wrong, flags.checkOutput()); err != nil {
		return err
	}
	state, err := stack.Stack{Project: project, Name: flags.stack}.State(cmd.Context())
	if err != nil {
		return err
	}
	rendering, err := render.Render(flags.stack, state, from)
	if err != nil {
		return err
	}
	if err := rendering.Write(flags.output); err != nil {
		return err
	}
	showRendering(cmd, flags, rendering)
	return nil
}

func showRendering(cmd *cobra.Command, flags renderFlags, r *render.Rendering) {
	cmd.Printf("Wrote %s: %d objects, %d Helm releases.\n", flags.output, r.Objects, r.Releases)
	if flags.repository == "" {
		cmd.Println("Without --repository there is no Application of the stack.")
	}
	for _, one := range r.LeftOut {
		cmd.Printf("Left out: %s: it %s.\n", one.Object, one.Why)
	}
}

func (f renderFlags) checkOutput() error {
	if f.output == "" {
		return &usageError{errors.New("--output is missing: it must be the folder to write")}
	}
	return render.CheckFolder(f.output, f.stack)
}

// source returns where Argo CD finds the folder. Nil without a repository.
func (f renderFlags) source() (*render.Source, error) {
	if f.repository == "" {
		return nil, f.checkNoSource()
	}
	from := &render.Source{Repository: f.repository, Path: f.path, Revision: f.revision}
	if from.Path == "" {
		from.Path = f.output
	}
	if from.Revision == "" {
		from.Revision = "HEAD"
	}
	var mistakes []error
	if holdsCredential(from.Repository) {
		mistakes = append(mistakes, errors.New("--repository has a user or a password: "+
			"give the URL without, because it is written down; Argo CD has a Secret for them"))
	}
	if !filepath.IsLocal(from.Path) {
		mistakes = append(mistakes, fmt.Errorf("--path is %q: it must be a folder inside the repository", from.Path))
	}
	if len(mistakes) > 0 {
		return nil, &usageError{errors.Join(mistakes...)}
	}
	from.Path = filepath.ToSlash(filepath.Clean(from.Path))
	return from, nil
}

func (f renderFlags) checkNoSource() error {
	var mistakes []error
	for _, flag := range []struct{ name, value string }{{"--path", f.path}, {"--revision", f.revision}} {
		if flag.value != "" {
			mistakes = append(mistakes, fmt.Errorf("%s is %q: it must not be given without --repository", flag.name, flag.value))
		}
	}
	if len(mistakes) > 0 {
		return &usageError{errors.Join(mistakes...)}
	}
	return nil
}

// holdsCredential reports whether a repository's URL has a user or a password, but for the user of SSH, whose key is
// elsewhere.
func holdsCredential(repository string) bool {
	parsed, err := url.Parse(repository)
	if err != nil { // user@host:path, as SSH takes it
		return strings.Contains(repository, "://")
	}
	_, password := parsed.User.Password()
	return password || parsed.User != nil && parsed.Scheme != "ssh"
}
