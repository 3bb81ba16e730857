package engine

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// ensurePassphrase generates the passphrase that encrypts the stack's secrets, unless it exists. Without it the secrets
// are lost.
func ensurePassphrase(path string) error {
	content, err := os.ReadFile(path)
	switch {
	case err == nil && len(content) > 0:
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("reading the passphrase: %w", err)
	}
	if err := privatefile.Write(path, []byte(rand.Text())); err != nil {
		return fmt.Errorf("generating the passphrase: %w", err)
	}
	return nil
}
