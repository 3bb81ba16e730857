package process

import (
	"io"
	"os"
	"strings"
)

// tailBytes limits how much of a log is read for its tail.
const tailBytes = 64 << 10

// LogTail returns up to that many last lines of a log, or "" if the log cannot be read: it is called while another,
// more important error is reported.
func LogTail(path string, lines int) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }() // opened for reading only
	if size, err := file.Seek(0, io.SeekEnd); err == nil {
		_, _ = file.Seek(max(0, size-tailBytes), io.SeekStart)
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return ""
	}
	all := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
