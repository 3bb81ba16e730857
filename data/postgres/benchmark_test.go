package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// gigabyte is a table of 1 GB, which compresses to a little more than half of it, as texts do.
const gigabyte = `
	CREATE TABLE texts AS SELECT n AS id,
		(SELECT string_agg(md5((n * 31 + part)::text), '') FROM generate_series(1, 30) part) AS text
	FROM generate_series(1, 1000000) n;
`

// BenchmarkBackups plays the pods of the Jobs for an almost empty database and for one of a gigabyte. What it measures
// is in "make bench".
func BenchmarkBackups(b *testing.B) {
	for name, content := range map[string]string{"empty": filled, "1GB": filled + gigabyte} {
		w := newWorld(b)
		w.sql("user", content)
		w.sql("ai-tutor", filled)
		w.backup("ai-tutor")
		for _, task := range []struct{ name, cronJob string }{
			{"dump", "user-backup"}, {"restore", "user-restore"}, {"drill", "restore-drill"},
		} {
			b.Run(name+"/"+task.name, func(b *testing.B) {
				for b.Loop() {
					end := w.play(task.cronJob, nil)
					require.Zero(b, end.code, end.output)
				}
			})
		}
	}
}
