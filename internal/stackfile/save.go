package stackfile

import (
	"bytes"
	"fmt"
	"os"

	"github.com/dreamseed/platform/internal/atomicfile"
)

// Save atomically replaces the old file with the changed one: a reader sees one or the other, even after an
// interruption. It refuses to overwrite what somebody else wrote since Open.
func (f *File) Save() error {
	now, err := os.ReadFile(f.path)
	if err != nil {
		return fmt.Errorf("writing %s: %w", f.name, err)
	}
	if !bytes.Equal(now, f.found) {
		return fmt.Errorf("writing %s: somebody else has changed it meanwhile; run this again", f.name)
	}
	if err := atomicfile.Write(f.path, f.content); err != nil {
		return fmt.Errorf("writing %s: %w", f.name, err)
	}
	f.found = f.content
	return nil
}
