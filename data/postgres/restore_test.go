package postgres_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/data/postgres/postgrestest"
)

func TestARestoreBringsBackWhatWasThere(t *testing.T) {
	t.Parallel()
	first := backedUp(t)
	for name, c := range map[string]struct {
		damage string
		says   string
		reason string
	}{
		"a lost database": {
			`DROP TABLE users CASCADE; DROP SCHEMA "An odd one" CASCADE; DROP TABLE empty, alembic_version`,
			`(?m)^ +- +1000  public\.users$`, "all tables are gone",
		},
		"a lost table": {
			`DROP TABLE "An odd one"."a table"`, `(?m)^ +- +10  "An odd one"\."a table"$`,
			"the others are as they were",
		},
		"an emptied table": {
			`TRUNCATE "An odd one"."a table"`, `(?m)^ +0 +10  "An odd one"\."a table"$`,
			"no row is newer",
		},
		"nothing is damaged": {`SELECT 1`, `(?m)^ +1000 +1000  public\.users$`, "a restore may be repeated"},
	} {
		t.Run(name, func(t *testing.T) {
			w := first.again(t)
			w.sql("user", c.damage)
			end := w.play("user-restore", nil)
			require.Zero(t, end.code, end.output)
			assert.Regexp(t, `^Restored user to \d{8}T\d{6}Z\.`, end.message)
			assert.Regexp(t, c.says, end.message, c.reason)
			assert.Equal(t, "1000 500500", w.sql("user", "SELECT count(*) || ' ' || sum(id) FROM users"))
			assert.Equal(t, "10", w.sql("user", `SELECT count(*) FROM "An odd one"."a table" JOIN users ON users.id = "user"`))
			assert.Equal(t, "1001", w.sql("user", "SELECT nextval('users_id_seq')"), "sequences go on")
			assert.Equal(t, "those who sign in", w.sql("user", "SELECT obj_description('users'::regclass)"))
			assert.Equal(t, "0", w.sql("user",
				`SELECT count(*) FROM pg_class WHERE relowner <> 'user'::regrole AND relnamespace = 'public'::regnamespace`))
		})
	}
}

func TestARestoreRefusesToReplaceANewerDatabase(t *testing.T) {
	t.Parallel()
	first := backedUp(t)
	for name, c := range map[string]struct{ change, table, reason string }{
		"a row more": {
			`INSERT INTO users (name) VALUES ('new')`, "1001          1000  public.users",
			"it would be lost",
		},
		"a changed row": {
			`UPDATE users SET name = 'changed' WHERE id = 7`, "1000          1000  public.users",
			"the count is the same",
		},
		"a deleted row": {
			`DELETE FROM users WHERE id = 999`, "999          1000  public.users",
			"nobody knows whether on purpose",
		},
		"a new table": {
			`CREATE TABLE further AS SELECT 1`, "1             -  public.further",
			"the backup knows nothing of it",
		},
		"a new migration": {
			`UPDATE alembic_version SET version_num = '0008'`, "1             1  public.alembic_version",
			"the code that runs expects it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := first.again(t)
			w.sql("user", c.change)
			before := w.rows()
			end := w.play("user-restore", nil)
			assert.Equal(t, 5, end.code, end.output)
			assert.Contains(t, end.message, "is newer than the backup", c.reason)
			assert.Contains(t, end.message, c.table)
			assert.NotContains(t, end.message, "a table", "those that are as they were are not listed")
			assert.Equal(t, before, w.rows(), "nothing was changed")

			told := w.play("user-restore", map[string]string{"OVERWRITE_NEWER": "true"})
			require.Zero(t, told.code, told.output)
			assert.Contains(t, told.message, "Restored user to")
			assert.Equal(t, "1000", w.sql("user", "SELECT count(*) FROM users"))
			assert.Equal(t, "0007", w.sql("user", "SELECT version_num FROM alembic_version"))
			assert.Empty(t, w.sql("user", "SELECT to_regclass('further')"), "a younger table would stop the next migration")
		})
	}
}

// Kubernetes keeps the first 4096 bytes of a message.
func TestALongMessageIsCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sql("user", `DO $$ BEGIN FOR n IN 1..400 LOOP
		EXECUTE format('CREATE TABLE a_table_with_a_long_name_%s AS SELECT 1 AS id', n); END LOOP; END $$`)
	w.backup("user")
	w.sql("user", `DO $$ BEGIN FOR n IN 1..400 LOOP
		EXECUTE format('UPDATE a_table_with_a_long_name_%s SET id = 2', n); END LOOP; END $$`)
	end := w.play("user-restore", nil)
	assert.Equal(t, 5, end.code, end.output)
	assert.InDelta(t, 4096, len(end.message), 100, "without the space at its end")
	assert.LessOrEqual(t, len(end.message), 4096)
	assert.Contains(t, end.output, "a_table_with_a_long_name_400", "the log has all of it")
	end = w.play("user-restore", map[string]string{"OVERWRITE_NEWER": "true"})
	assert.Zero(t, end.code, end.output)
	assert.Contains(t, end.message, "Restored user")
}

// rows returns every user as text.
func (w *world) rows() string {
	w.t.Helper()
	return w.sql("user", "SELECT u FROM users u ORDER BY id")
}

func TestARestoreIsAllOrNothing(t *testing.T) {
	t.Parallel()
	first := backedUp(t)
	for name, damage := range map[string]func(w *world){
		"the dump ends early": func(w *world) { w.cut(); w.seal() },
		"a wrong checksum":    func(w *world) { w.cut() },
		"other rows than recorded": func(w *world) {
			w.rewrite(w.file(".manifest"), func(content string) string { return content + "1 1 public.missing\n" })
			w.seal()
		},
		"no backup": func(w *world) { require.NoError(w.t, os.RemoveAll(filepath.Dir(w.file(".dump")))) },
	} {
		t.Run(name, func(t *testing.T) {
			w := first.again(t)
			w.sql("user", "INSERT INTO users (name) VALUES ('new')")
			before := w.rows()
			damage(w)
			end := w.play("user-restore", map[string]string{"OVERWRITE_NEWER": "true"})
			assert.Equal(t, 1, min(end.code, 1), end.output)
			assert.Equal(t, before, w.rows())
		})
	}
}

func TestARestoreGoesBackToATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sql("user", filled)
	w.backup("user")
	first := strings.TrimSuffix(filepath.Base(w.file(".dump")), ".dump")
	// The same backup under two older names: a time in between chooses the older one.
	for _, name := range []string{"20200101T020000Z", "20200103T020000Z"} {
		for _, ending := range []string{".dump", ".manifest", ".sha256"} {
			from := w.file(first + ending)
			content, err := os.ReadFile(from)
			require.NoError(t, err)
			if ending == ".sha256" {
				content = []byte(strings.ReplaceAll(string(content), first, name))
			}
			postgrestest.Give(t, filepath.Dir(from), name+ending, string(content))
		}
	}
	for at, want := range map[string]string{
		"20200102T000000Z": "20200101T020000Z", "20200103T020000Z": "20200103T020000Z", "": first,
	} {
		end := w.play("user-restore", map[string]string{"AT": at})
		require.Zero(t, end.code, end.output)
		assert.Contains(t, end.message, "Restored user to "+want+".", at)
	}
	end := w.play("user-restore", map[string]string{"AT": "20191231T000000Z"})
	assert.Equal(t, 1, end.code)
	assert.Equal(t, "user has no complete backup of 20191231T000000Z or before.", end.message)
}
