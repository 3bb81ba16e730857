package play

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// File returns the content of a file as the developer has it, without the end of its last line.
func (s *Stage) File(ctx context.Context, path string) (string, error) {
	return s.git(ctx, s.developer, "show", "HEAD:"+path)
}

// Main returns the last commit on main.
func (s *Stage) Main(ctx context.Context) (string, error) {
	return s.git(ctx, s.remote(), "rev-parse", "refs/heads/main")
}

// Push commits files to a branch, which begins at main, and returns the commit. It is how a person works.
func (s *Stage) Push(ctx context.Context, branch string, files map[string][]byte) (string, error) {
	if _, err := s.git(ctx, s.developer, "rev-parse", "--verify", "--quiet", branch); err != nil {
		if _, err := s.git(ctx, s.developer, "branch", branch, "origin/main"); err != nil {
			return "", err
		}
	}
	if _, err := s.git(ctx, s.developer, "switch", "--quiet", branch); err != nil {
		return "", err
	}
	return s.commit(ctx, branch, files)
}

func (s *Stage) commit(ctx context.Context, branch string, files map[string][]byte) (string, error) {
	for path, content := range files {
		if err := os.WriteFile(filepath.Join(s.developer, path), content, 0o600); err != nil {
			return "", err
		}
	}
	for _, words := range [][]string{
		{"add", "--all"},
		{"commit", "--quiet", "--message", "A change on " + branch},
		{"push", "--quiet", "origin", branch},
		{"fetch", "--quiet", "origin"},
	} {
		if _, err := s.git(ctx, s.developer, words...); err != nil {
			return "", err
		}
	}
	return s.git(ctx, s.developer, "rev-parse", "HEAD")
}

// Merge brings a branch to main, and returns the commit. The branch is gone then.
func (s *Stage) Merge(ctx context.Context, branch string) (string, error) {
	for _, words := range [][]string{
		{"switch", "--quiet", "main"},
		{"merge", "--quiet", "--ff-only", branch},
		{"push", "--quiet", "origin", "main", ":" + branch},
		{"branch", "--quiet", "--delete", branch},
	} {
		if _, err := s.git(ctx, s.developer, words...); err != nil {
			return "", err
		}
	}
	return s.git(ctx, s.developer, "rev-parse", "HEAD")
}

// Deployed returns the commit that the tag of the last release that passed points to.
func (s *Stage) Deployed(ctx context.Context) (string, error) {
	return s.git(ctx, s.remote(), "rev-parse", "--verify", "refs/tags/deployed/"+s.set.Stack)
}

// Pull is a pull request.
type Pull struct {
	Number int `json:"number"`
	Head   struct {
		Commit string `json:"sha"`
	} `json:"head"`
}

// OpenPull opens a pull request with a commit.
func (s *Stage) OpenPull(commit string) (Pull, error) {
	var pulls []Pull
	if err := s.stored("pulls", &pulls); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Pull{}, err
	}
	opened := Pull{Number: len(pulls) + 1}
	opened.Head.Commit = commit
	return opened, s.store("pulls", append(pulls, opened))
}

// Update moves a pull request to another commit.
func (s *Stage) Update(pull Pull, commit string) (Pull, error) {
	var pulls []Pull
	if err := s.stored("pulls", &pulls); err != nil {
		return Pull{}, err
	}
	pulls[pull.Number-1].Head.Commit = commit
	return pulls[pull.Number-1], s.store("pulls", pulls)
}

// Comment is a comment on a pull request.
type Comment struct {
	ID    int    `json:"id"`
	Issue string `json:"issue"`
	Body  string `json:"body"`
	User  User   `json:"user"`
}

// User is the author of a comment or an issue: a person, or a Bot.
type User struct {
	Type string `json:"type"`
}

// Chat lets a person write comments to a pull request.
func (s *Stage) Chat(pull Pull, bodies ...string) error {
	comments, err := s.comments()
	if err != nil {
		return err
	}
	for _, body := range bodies {
		comments = append(comments, Comment{
			ID: len(comments) + 1, Issue: fmt.Sprint(pull.Number), Body: body, User: User{Type: "User"},
		})
	}
	return s.store("comments", comments)
}

// Reports returns the comments on a pull request that no person wrote.
func (s *Stage) Reports(pull Pull) ([]string, error) {
	comments, err := s.comments()
	var bodies []string
	for _, comment := range comments {
		if comment.Issue == fmt.Sprint(pull.Number) && comment.User.Type == "Bot" {
			bodies = append(bodies, comment.Body)
		}
	}
	return bodies, err
}

func (s *Stage) comments() ([]Comment, error) {
	var comments []Comment
	if err := s.stored("comments", &comments); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return comments, nil
}

func (s *Stage) store(name string, content any) error {
	written, err := json.Marshal(content)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.github(), name+".json"), written, 0o600)
}
