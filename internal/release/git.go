package release

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// version is a file at one commit.
type version struct {
	commit, path, author, subject string
	date                          time.Time
	content                       []byte
}

// The fields of a commit are divided by what no name and no subject has.
const (
	recordSeparator = "\x1e"
	fieldSeparator  = "\x1f"
	logFormat       = "--format=%x1e%H%x1f%cI%x1f%an%x1f%s%x1f"
)

// versionsOf returns the committed versions of a file, the newest first, through renames. The error is a RefusedError
// if Git knows no version.
func versionsOf(ctx context.Context, path string) ([]version, error) {
	printed, err := git(ctx, path, nil, "log", "--follow", "--name-only", "--no-color", "--no-show-signature", logFormat,
		"--", filepath.Base(path))
	if err != nil {
		return nil, refused("reading the history of %s: %w", filepath.Base(path), err)
	}
	var versions []version
	for record := range strings.SplitSeq(string(printed), recordSeparator) {
		fields := strings.Split(record, fieldSeparator)
		if len(fields) != 5 {
			continue // what stands before the first commit
		}
		date, err := time.Parse(time.RFC3339, fields[1])
		if err != nil {
			return nil, fmt.Errorf("reading the history of %s: %w", filepath.Base(path), err)
		}
		versions = append(versions, version{
			commit: fields[0], date: date, author: fields[2], subject: fields[3], path: strings.TrimSpace(fields[4]),
		})
	}
	if len(versions) == 0 {
		return nil, refused("reading the history of %s: no commit has it", filepath.Base(path))
	}
	return versions, readContents(ctx, path, versions)
}

// readContents reads every version with one process, however many there are
// (https://git-scm.com/docs/git-cat-file#_batch_output).
func readContents(ctx context.Context, path string, versions []version) error {
	var asked bytes.Buffer
	for _, one := range versions {
		fmt.Fprintf(&asked, "%s:%s\n", one.commit, one.path)
	}
	printed, err := git(ctx, path, &asked, "cat-file", "--batch")
	if err != nil {
		return fmt.Errorf("reading the history of %s: %w", filepath.Base(path), err)
	}
	answers := bufio.NewReader(bytes.NewReader(printed))
	for i := range versions {
		if versions[i].content, err = readObject(answers); err != nil {
			return fmt.Errorf("reading %s at %s: %w", versions[i].path, versions[i].commit, err)
		}
	}
	return nil
}

// readObject reads one answer. A commit that deletes the file has no object, and thus no content.
func readObject(answers *bufio.Reader) ([]byte, error) {
	header, err := answers.ReadString('\n')
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(header)
	if len(fields) != 3 || fields[1] != "blob" {
		return nil, nil
	}
	size, err := strconv.Atoi(fields[2])
	if err != nil {
		return nil, err
	}
	content := make([]byte, size+1) // a newline ends it
	if _, err := io.ReadFull(answers, content); err != nil {
		return nil, err
	}
	return content[:size], nil
}

// isShallow reports whether the clone lacks older commits, as a checkout in a workflow does by default.
func isShallow(ctx context.Context, path string) (bool, error) {
	printed, err := git(ctx, path, nil, "rev-parse", "--is-shallow-repository")
	return strings.TrimSpace(string(printed)) == "true", err
}

// git runs a command in the folder of a file, and returns what it prints.
func git(ctx context.Context, path string, stdin io.Reader, words ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "git", append([]string{"-C", filepath.Dir(path), "-c", "core.quotePath=false"},
		words...)...)
	command.Stdin = stdin
	printed, err := command.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return nil, fmt.Errorf("git %s: %s", words[0], strings.TrimSpace(string(failed.Stderr)))
	}
	return printed, err
}
