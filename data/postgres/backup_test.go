package postgres_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/data/postgres/postgrestest"
)

// filled is a database as a service has it: awkward names, every kind of value, a sequence and a foreign key.
const filled = `
	CREATE TABLE alembic_version (version_num text PRIMARY KEY);
	INSERT INTO alembic_version VALUES ('0007');
	CREATE TABLE users (
		id serial PRIMARY KEY, name text, born timestamptz, score double precision, extra jsonb, raw bytea
	);
	INSERT INTO users (name, born, score, extra, raw)
		SELECT 'user ' || n, now() - n * interval '1 day', n / 7.0, jsonb_build_object('n', n), decode(md5(n::text), 'hex')
		FROM generate_series(1, 1000) n;
	CREATE SCHEMA "An odd one";
	CREATE TABLE "An odd one"."a table" (t int, "user" int REFERENCES users);
	INSERT INTO "An odd one"."a table" SELECT n, n FROM generate_series(1, 10) n;
	CREATE TABLE empty (id int);
	COMMENT ON TABLE users IS 'those who sign in';
	CREATE VIEW grown AS SELECT * FROM users WHERE born < now() - interval '18 years';
`

// backedUp is a world in which both services have a backup.
func backedUp(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	for _, service := range []string{"ai-tutor", "user"} {
		w.sql(service, filled)
		w.server.Query(t, "postgres", "postgres", `CREATE DATABASE "saved-`+service+`" TEMPLATE "`+service+`"`)
		w.backup(service)
	}
	return w
}

func (w *world) backup(service string) {
	w.t.Helper()
	end := w.play(service+"-backup", nil)
	require.Zero(w.t, end.code, end.output)
}

// file returns the path of the only file of user in the bucket with this ending.
func (w *world) file(ending string) string {
	w.t.Helper()
	found, err := filepath.Glob(filepath.Join(w.bucket, "backups", "user", "*"+ending))
	require.NoError(w.t, err)
	require.Len(w.t, found, 1)
	return found[0]
}

// seal writes the checksums of the backup of user anew, as they are when the mistake came before them.
func (w *world) seal() {
	w.t.Helper()
	var sums strings.Builder
	for _, ending := range []string{".dump", ".manifest"} {
		content, err := os.ReadFile(w.file(ending))
		require.NoError(w.t, err)
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), filepath.Base(w.file(ending)))
	}
	path := w.file(".sha256")
	postgrestest.Give(w.t, filepath.Dir(path), filepath.Base(path), sums.String())
}

func (w *world) rewrite(path string, change func(content string) string) {
	w.t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(w.t, err)
	postgrestest.Give(w.t, filepath.Dir(path), filepath.Base(path), change(string(content)))
}

func TestABackupIsADumpWithItsRowsAndChecksums(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sql("user", filled)
	end := w.play("user-backup", nil)
	require.Zero(t, end.code, end.output)
	name := strings.TrimSuffix(filepath.Base(w.file(".dump")), ".dump")
	assert.Regexp(t, `^\d{8}T\d{6}Z$`, name)
	taken, err := time.Parse("20060102T150405Z", name)
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now(), taken, time.Minute)

	assert.Contains(t, end.output, "Dumped user as "+name)
	for table, rows := range map[string]int{
		`public.users`: 1000, `"An odd one"."a table"`: 10, `public.empty`: 0, `public.alembic_version`: 1,
	} {
		assert.Regexp(t, fmt.Sprintf(`(?m)^ +%d  %s$`, rows, regexp.QuoteMeta(table)), end.output)
	}
	assert.Equal(t, "Uploaded it to the bucket backups as user/"+name+".dump.", end.message)
	sums, err := os.ReadFile(w.file(".sha256"))
	require.NoError(t, err)
	for _, ending := range []string{".dump", ".manifest"} {
		content, err := os.ReadFile(w.file(ending))
		require.NoError(t, err)
		assert.Contains(t, string(sums), fmt.Sprintf("%x  %s%s", sha256.Sum256(content), name, ending))
	}
}

// What is written while pg_dump runs is in neither the dump nor the recorded rows.
func TestTheRowsAreThoseOfTheDump(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sql("user", filled)
	w.sql("ai-tutor", filled)
	w.backup("ai-tutor")
	// A table that a session locks keeps pg_dump waiting, with its snapshot taken.
	slow := postgrestest.Command(t.Context(), t, map[string]string{
		"PGHOST": w.server.Folder, "PGPORT": fmt.Sprint(w.server.Port),
	}, "psql", "--quiet", "--username=user", "--dbname=user", "--command=BEGIN; LOCK TABLE empty; SELECT pg_sleep(2);"+
		"INSERT INTO users (name) SELECT 'late' FROM generate_series(1, 50); COMMIT")
	require.NoError(t, slow.Start())
	require.Eventually(t, func() bool {
		return w.sql("user", "SELECT count(*) FROM pg_locks "+
			"WHERE mode = 'AccessExclusiveLock' AND relation = 'empty'::regclass") == "1"
	}, 10*time.Second, 10*time.Millisecond)
	w.backup("user")
	require.NoError(t, slow.Wait())
	assert.Equal(t, "1050", w.sql("user", "SELECT count(*) FROM users"))
	drill := w.play("restore-drill", nil)
	assert.Zero(t, drill.code, drill.output)
	assert.Contains(t, drill.message, "1011 rows", "without the late ones")
}

func TestABackupFailsWithItsDump(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sql("user", filled)
	w.server.Query(t, "postgres", "user", "CREATE TABLE closed (id int); REVOKE ALL ON closed FROM PUBLIC")
	end := w.play("user-backup", nil)
	assert.NotZero(t, end.code)
	assert.Contains(t, end.output, "permission denied for table closed")
	assert.NoDirExists(t, filepath.Join(w.bucket, "backups", "user"), "and nothing of it is uploaded")
}

func TestADrillRestoresEveryService(t *testing.T) {
	t.Parallel()
	w := backedUp(t)
	w.sql("user", "DELETE FROM users WHERE id > 900")
	end := w.play("restore-drill", nil)
	require.Zero(t, end.code, end.output)
	for _, service := range []string{"ai-tutor", "user"} {
		assert.Regexp(t, "(?m)^ok    "+service+`: \d{8}T\d{6}Z, 4 tables, 1011 rows, 0 hours old$`, end.message)
	}
	assert.Equal(t, "900", w.sql("user", "SELECT count(*) FROM users"), "and touches none of them")
	assert.NoFileExists(t, filepath.Join(end.work, "server", "postmaster.pid"), "its server has ended")
}

func TestADrillFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	first := backedUp(t)
	for name, c := range map[string]struct {
		damage func(w *world)
		says   string
		reason string
	}{
		"no backup": {
			func(w *world) { require.NoError(w.t, os.RemoveAll(filepath.Dir(w.file(".dump")))) },
			"user: it has no complete backup", "the CronJob never ran, or its bucket is lost",
		},
		"an unfinished backup": {
			func(w *world) { require.NoError(w.t, os.Remove(w.file(".sha256"))) },
			"user: it has no complete backup", "the upload ended before its last file",
		},
		"an old backup": {
			func(w *world) {
				old := fmt.Sprintf("taken %d", time.Now().Add(-27*time.Hour).Unix())
				w.rewrite(w.file(".manifest"), func(content string) string {
					return regexp.MustCompile(`^taken \d+`).ReplaceAllString(content, old)
				})
				w.seal()
			}, "is 27 hours old", "backups stopped a day ago",
		},
		"a backup cut in half": {
			func(w *world) { w.cut() }, "the checksum of", "the upload lost its end",
		},
		"a dump cut in half": {
			func(w *world) {
				w.cut()
				w.seal()
			}, "cannot be restored", "the disk was full before the checksum was taken",
		},
		"other rows": {
			func(w *world) {
				w.rewrite(w.file(".manifest"), func(content string) string {
					return strings.Replace(content, "10 ", "11 ", 1)
				})
				w.seal()
			}, "brings back other rows than it recorded", "the dump lacks rows that were there",
		},
		"nothing in it": {
			func(w *world) {
				require.NoError(w.t, os.RemoveAll(filepath.Dir(w.file(".dump"))))
				w.sql("user", "DROP OWNED BY CURRENT_USER CASCADE")
				w.backup("user")
			}, "has no table", "the database was emptied, and so are its backups from then on",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := first.again(t)
			c.damage(w)
			end := w.play("restore-drill", nil)
			assert.Equal(t, 1, end.code, c.reason)
			assert.Contains(t, end.message, "FAIL  user: ", end.output)
			assert.Contains(t, end.message, c.says)
			assert.Contains(t, end.message, "ok    ai-tutor: ", "the others are judged all the same")
		})
	}
}

// cut leaves the first half of the dump of user.
func (w *world) cut() {
	w.t.Helper()
	w.rewrite(w.file(".dump"), func(content string) string { return content[:len(content)/2] })
}

// Why a drill restores: the table of contents is at the beginning of the file.
func TestTheContentsOfHalfADumpAreListed(t *testing.T) {
	t.Parallel()
	w := backedUp(t)
	w.cut()
	list := postgrestest.Command(t.Context(), t, nil, "pg_restore", "--list", w.file(".dump"))
	printed, err := list.CombinedOutput()
	require.NoError(t, err)
	assert.Contains(t, string(printed), "TABLE DATA public users")
}

func TestCredentialsAreInNoArgumentAndNoVariableOfAPod(t *testing.T) {
	for _, cronJob := range built(t, args()).Each(t, cronJobType) {
		pod := podOf(t, cronJob)
		containers := slices.Concat(pod.InitContainers, pod.Containers)
		require.NotEmpty(t, containers)
		for _, container := range containers {
			for _, one := range container.Env {
				assert.NotRegexp(t, `(?i)password|SECRET_ACCESS|ACCESS_KEY_ID`, one.Name+one.Value)
			}
		}
	}
}
