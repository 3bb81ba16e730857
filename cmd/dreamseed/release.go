package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/dreamseed/platform/internal/freeze"
	"github.com/dreamseed/platform/internal/release"
)

// releaseFlags holds the flags of release and rollback.
type releaseFlags struct {
	stack   string
	offline bool
	last    bool
}

func releaseCommand() *cobra.Command {
	var flags releaseFlags
	cmd := &cobra.Command{
		Use:   "release <service> <digest>",
		Short: "Write the digest of a service's new image into Pulumi.<stack>.yaml",
		Long: `Changes dreamseed:services.<service>.image in Pulumi.<stack>.yaml, and nothing else in the file. pulumi up, or
the deployment in CI once the file is committed, then releases it. The digest is sha256:…, or the repository of the
service with it, as a build prints it:

  dreamseed release auth sha256:9f86d081… --stack production

The image's registry is asked first, with the logins of Docker's configuration: a digest that it does not have is
refused. A stack that is frozen gets no release: see dreamseed freeze.

` + exitCodeHelp,
		Args: arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, words []string) error { return releaseImage(cmd, flags, words[0], words[1]) },
	}
	addReleaseFlags(cmd, &flags)
	return cmd
}

func addReleaseFlags(cmd *cobra.Command, flags *releaseFlags) {
	cmd.Flags().StringVar(&flags.stack, "stack", "", "the stack: the name in Pulumi.<stack>.yaml (required)")
	cmd.Flags().BoolVar(&flags.offline, "offline", false,
		"ask neither the registry nor the stack: the image may not exist, and pods then cannot pull it")
}

func releaseImage(cmd *cobra.Command, flags releaseFlags, service, digest string) error {
	target, err := openRelease(flags.stack, service)
	if err != nil {
		return errors.Join(err, release.CheckDigest(digest))
	}
	freezes, err := openFreezes(flags.stack)
	if err != nil {
		return err
	}
	next, err := release.Next(target.Service.Image, digest)
	if err != nil {
		return err
	}
	if err := freezes.Check(flags.stack, time.Now()); err != nil {
		return err
	}
	return writeImage(cmd, flags, target, next)
}

func openRelease(stack, service string) (*release.Target, error) {
	project, err := projectOf(stack)
	if err != nil {
		return nil, err
	}
	return release.Open(project, stack, service)
}

// writeImage asks the registry, writes the image into the file, and says what follows.
func writeImage(cmd *cobra.Command, flags releaseFlags, target *release.Target, next string) error {
	about, err := askAbout(cmd.Context(), flags, target, next)
	if err != nil {
		return err
	}
	if err := target.Save(next); err != nil {
		return err
	}
	cmd.Printf("Wrote %s to %s.\n\n", next, target.File())
	cmd.Printf("  before     %s\n", target.Service.Image)
	cmd.Printf("  registry   %s\n", about.registry)
	cmd.Printf("  migration  %s\n", about.migration)
	cmd.Printf("  strategy   %s, within %d seconds\n\n",
		target.Service.Release.Strategy, target.DeadlineSeconds)
	showNext(cmd, target, next)
	return nil
}

// showNext prints the commands that carry the release out, and the one that takes it back.
func showNext(cmd *cobra.Command, target *release.Target, next string) {
	stack, service := target.Stack.Name, target.Service.Name
	cmd.Printf("Next, either commit and let CI deploy, or deploy by hand:\n")
	cmd.Printf("  git commit --message %s -- %s && git push\n",
		quote(fmt.Sprintf("Release %s %s to %s", service, shortDigest(next), stack)), target.File())
	cmd.Printf("  pulumi up --stack %s\n", stack)
	cmd.Printf("To return, once it is committed:\n  dreamseed rollback %s --last --stack %s\n", service, stack)
}

// answers is what the registry and the stack said of an image.
type answers struct{ registry, migration string }

func askAbout(ctx context.Context, flags releaseFlags, target *release.Target, next string) (answers, error) {
	if flags.offline {
		return answers{
			registry:  "not asked (--offline): whether the image exists is unknown",
			migration: "not asked (--offline): that of the new image, unless the database has seen it",
		}, nil
	}
	pulled, err := target.PulledFrom(ctx, next)
	if err == nil {
		err = release.CheckRegistry(ctx, pulled)
	}
	var refused *release.RefusedError
	if err != nil && !errors.As(err, &refused) {
		return answers{}, fmt.Errorf("%w; nothing was changed, and --offline does not ask", err)
	}
	if err != nil {
		return answers{}, err
	}
	return answers{registry: "has " + pulled, migration: target.Migration(ctx, next)}, nil
}

// frozenNote says that a return, which a freeze does not refuse, will not be deployed by CI.
func frozenNote(stack string) (string, error) {
	freezes, err := openFreezes(stack)
	if err != nil {
		return "", err
	}
	var frozen *freeze.FrozenError
	if errors.As(freezes.Check(stack, time.Now()), &frozen) {
		return fmt.Sprintf("%v. CI does not deploy before that; pulumi up by hand does.", frozen), nil
	}
	return "", nil
}
