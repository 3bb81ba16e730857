package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/dreamseed/platform/internal/release"
)

func rollbackCommand() *cobra.Command {
	var flags releaseFlags
	cmd := &cobra.Command{
		Use:   "rollback <service> [<digest>]",
		Short: "Write the digest of a service's former image into Pulumi.<stack>.yaml",
		Long: `Returns a service to an image that it had before. Without a digest it lists the former images from the Git
history of Pulumi.<stack>.yaml, the newest first, and on a terminal asks which one it shall be:

  dreamseed rollback auth --stack production
  dreamseed rollback auth sha256:9f86d081884c --stack production
  dreamseed rollback auth --last --stack production

The beginning of a digest is enough if only one begins so. No migration runs: the database stays as the newer image left
it. A freeze does not refuse a return; what deploys it may.

` + exitCodeHelp,
		Args: arguments(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, words []string) error {
			if len(words) == 2 && flags.last {
				return &usageError{errors.New("--last chooses the image: no digest can stand beside it")}
			}
			return rollback(cmd, flags, words[0], words[1:])
		},
	}
	addReleaseFlags(cmd, &flags)
	cmd.Flags().BoolVar(&flags.last, "last", false, "return to the image before the current one, and ask nobody")
	return cmd
}

func rollback(cmd *cobra.Command, flags releaseFlags, service string, digests []string) error {
	target, err := openRelease(flags.stack, service)
	if err != nil {
		return err
	}
	note, err := frozenNote(flags.stack)
	if err != nil {
		return err
	}
	history, err := target.History(cmd.Context())
	if err != nil {
		return err
	}
	chosen, err := chooseFormer(cmd, flags, history, digests)
	if err != nil || chosen == nil {
		return err
	}
	if err := writeImage(cmd, flags, target, chosen.Image); err != nil {
		return err
	}
	if note != "" {
		cmd.Println(note)
	}
	return nil
}

// chooseFormer returns the image to return to, or nil if there was nobody to ask.
func chooseFormer(
	cmd *cobra.Command, flags releaseFlags, history *release.History, digests []string,
) (*release.Former, error) {
	if flags.last {
		return &history.Formers[0], nil
	}
	if len(digests) == 1 {
		found, err := history.Find(digests[0])
		return &found, err
	}
	cmd.Println(formerTable(history.Formers))
	if history.Shallow {
		cmd.Println("Older ones may be missing" + history.Lack() + ".")
	}
	stdin, isFile := cmd.InOrStdin().(*os.File)
	if !isFile || !term.IsTerminal(int(stdin.Fd())) {
		cmd.Printf("Nothing was changed: name one, as in `dreamseed rollback <service> <digest> --stack %s`.\n", flags.stack)
		return nil, nil
	}
	return ask(cmd, history.Formers)
}

// ask lets the terminal's user choose by number. An empty line changes nothing.
func ask(cmd *cobra.Command, formers []release.Former) (*release.Former, error) {
	cmd.PrintErrf("Return to which one (1-%d, nothing for none)? ", len(formers))
	line, err := interruptible(cmd.Context(), func() ([]byte, error) {
		return bufio.NewReader(cmd.InOrStdin()).ReadBytes('\n')
	})
	answer := strings.TrimSpace(string(line))
	if err != nil && answer == "" || answer == "" {
		cmd.Println("Nothing was changed.")
		return nil, cmd.Context().Err()
	}
	number, err := strconv.Atoi(answer)
	if err != nil || number < 1 || number > len(formers) {
		return nil, &usageError{fmt.Errorf("the answer is %q: it must be a number from 1 to %d", answer, len(formers))}
	}
	return &formers[number-1], nil
}

func formerTable(formers []release.Former) string {
	rows := newTable("", "digest", "commit", "date", "author", "subject")
	for i, one := range formers {
		rows.AppendRow(table.Row{
			i + 1, shortDigest(one.Image), fmt.Sprintf("%.10s", one.Commit), one.Date.Format(time.DateOnly),
			one.Author, one.Subject,
		})
	}
	return rows.Render()
}

// shortDigest returns as much of an image's digest as tells releases apart.
func shortDigest(image string) string {
	return strings.TrimPrefix(short("@"+release.Digest(image)), "@")
}
