package redis_test

import (
	"crypto/sha256"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The keys and channels of a service begin with its name. auth is the one that asks, ai-tutor its neighbour.
var (
	allowed = map[string][]string{
		"write":                       {"SET", "auth:k", "v"},
		"write with an expiry":        {"SET", "auth:e", "v", "EX", "100"},
		"read":                        {"GET", "auth:k"},
		"hash":                        {"HSET", "auth:h", "f", "v"},
		"list":                        {"LPUSH", "auth:l", "v"},
		"blocking pop":                {"BRPOP", "auth:l", "1"},
		"sorted set":                  {"ZADD", "auth:z", "1", "m"},
		"stream":                      {"XADD", "auth:x", "*", "f", "v"},
		"counter":                     {"INCR", "auth:n"},
		"expire":                      {"EXPIRE", "auth:k", "100"},
		"keys of one set":             {"SSCAN", "auth:s", "0"},
		"delete":                      {"DEL", "auth:k"},
		"publish":                     {"PUBLISH", "auth:events", "v"},
		"script on its own key":       {"EVAL", "return redis.call('SET', KEYS[1], 'v')", "1", "auth:k"},
		"load a script":               {"SCRIPT", "LOAD", "return 1"},
		"know a script":               {"SCRIPT", "EXISTS", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"},
		"name its connection":         {"CLIENT", "SETNAME", "auth"},
		"say hello":                   {"HELLO", "3"},
		"another database":            {"SELECT", "1"},
		"ask who it is":               {"ACL", "WHOAMI"},
		"a transaction":               {"MULTI"},
		"wait for the file":           {"WAIT", "0", "10"},
		"its own key in the database": {"EXISTS", "auth:k"},
	}
	refused = map[string][]string{
		"read the neighbour's":               {"GET", "ai-tutor:k"},
		"write the neighbour's":              {"SET", "ai-tutor:k", "v"},
		"delete the neighbour's":             {"DEL", "ai-tutor:k"},
		"one of both":                        {"MGET", "auth:k", "ai-tutor:k"},
		"rename it away":                     {"RENAME", "ai-tutor:k", "auth:k"},
		"copy it":                            {"COPY", "ai-tutor:k", "auth:k"},
		"a key of nobody":                    {"SET", "k", "v"},
		"a longer name of its own":           {"SET", "author:k", "v"},
		"publish to the neighbour":           {"PUBLISH", "ai-tutor:events", "v"},
		"listen to the neighbour":            {"SUBSCRIBE", "ai-tutor:events"},
		"listen to all":                      {"PSUBSCRIBE", "*"},
		"listen to its neighbour's keys":     {"SUBSCRIBE", "__keyspace@0__:ai-tutor:k"},
		"script on the neighbour's":          {"EVAL", "return redis.call('GET', KEYS[1])", "1", "ai-tutor:k"},
		"script that does not name it":       {"EVAL", "return redis.call('GET', 'ai-tutor:k')", "0"},
		"script that scans":                  {"EVAL", "return redis.call('SCAN', '0')", "0"},
		"names of keys":                      {"KEYS", "*"},
		"names of keys, one after the other": {"SCAN", "0"},
		"some key":                           {"RANDOMKEY"},
		"number of keys":                     {"DBSIZE"},
		"names of channels":                  {"PUBSUB", "CHANNELS"},
		"listeners of a channel":             {"PUBSUB", "NUMSUB", "ai-tutor:events"},
		"sort by the neighbour's":            {"SORT", "auth:l", "BY", "ai-tutor:*"},
		"remove all":                         {"FLUSHALL"},
		"remove a database":                  {"FLUSHDB"},
		"swap databases":                     {"SWAPDB", "0", "1"},
		"remove everybody's scripts":         {"SCRIPT", "FLUSH"},
		"stop the neighbour's script":        {"SCRIPT", "KILL"},
		"stop the world":                     {"SCRIPT", "DEBUG", "SYNC"},
		"list functions":                     {"FUNCTION", "LIST"},
		"remove functions":                   {"FUNCTION", "FLUSH"},
		"put a function in their place": {
			"FUNCTION", "LOAD", "REPLACE", "#!lua name=l\nredis.register_function('f', function() return 1 end)",
		},
		"settings":               {"CONFIG", "GET", "*"},
		"a setting":              {"CONFIG", "SET", "maxmemory", "0"},
		"users":                  {"ACL", "LIST"},
		"a user":                 {"ACL", "SETUSER", "auth", "+@all"},
		"the neighbour's rights": {"ACL", "GETUSER", "ai-tutor"},
		"users from the file":    {"ACL", "LOAD"},
		"see every command":      {"MONITOR"},
		"connections":            {"CLIENT", "LIST"},
		"a connection's end":     {"CLIENT", "KILL", "TYPE", "normal"},
		"all clients wait":       {"CLIENT", "PAUSE", "1"},
		"figures":                {"INFO"},
		"slow commands":          {"SLOWLOG", "GET"},
		"latencies":              {"LATENCY", "LATEST"},
		"become a replica":       {"REPLICAOF", "NO", "ONE"},
		"a copy of everything":   {"REPLCONF", "capa", "eof"},
		"a snapshot":             {"BGSAVE"},
		"rewrite the file":       {"BGREWRITEAOF"},
		"the end":                {"SHUTDOWN"},
		"a module":               {"MODULE", "LIST"},
		"move a key elsewhere":   {"MIGRATE", "127.0.0.1", "1", "auth:k", "0", "1"},
		"a key from bytes":       {"RESTORE", "auth:k", "0", "x"},
	}
)

// denied reports whether the answer is that of a user who may not do it. Redis answers NOPERM; within a script, it says
// so in the error.
func denied(answer string) bool {
	return strings.HasPrefix(answer, "NOPERM") || strings.Contains(answer, "The user executing the script can't")
}

func TestAServiceMayUseItsOwnKeysAndChannels(t *testing.T) {
	s := started(t)
	for reason, command := range allowed {
		answer := s.as(t, "auth", command...)
		assert.False(t, denied(answer), "%s: %s", reason, answer)
		assert.NotContains(t, answer, "ERR", reason)
	}
}

func TestAServiceMayDoNothingElse(t *testing.T) {
	s := started(t)
	require.Equal(t, "OK", s.as(t, "ai-tutor", "SET", "ai-tutor:k", "private"))
	require.Equal(t, "1", s.as(t, "auth", "LPUSH", "auth:l", "v"))
	for reason, command := range refused {
		answer := s.as(t, "auth", command...)
		assert.True(t, denied(answer), "%s: %s", reason, answer)
		assert.NotContains(t, answer, "private", reason)
	}
	assert.Equal(t, "private", s.as(t, "ai-tutor", "GET", "ai-tutor:k"), "it is still there")
}

func TestTheUsersOfThePodMayDoLess(t *testing.T) {
	s := started(t)
	for _, c := range []struct {
		user    string
		command []string
		may     bool
	}{
		{"probe", []string{"PING"}, true},
		{"probe", []string{"INFO"}, false},
		{"probe", []string{"GET", "auth:k"}, false},
		{"probe", []string{"PUBLISH", "auth:events", "v"}, false},
		{"exporter", []string{"PING"}, true},
		{"exporter", []string{"INFO", "ALL"}, true},
		{"exporter", []string{"CLIENT", "SETNAME", "redis_exporter"}, true},
		{"exporter", []string{"SLOWLOG", "LEN"}, true},
		{"exporter", []string{"SLOWLOG", "GET", "1"}, true},
		{"exporter", []string{"LATENCY", "LATEST"}, true},
		{"exporter", []string{"SLOWLOG", "RESET"}, false},
		{"exporter", []string{"CONFIG", "GET", "*"}, false},
		{"exporter", []string{"CLIENT", "LIST"}, false},
		{"exporter", []string{"GET", "auth:k"}, false},
		{"exporter", []string{"SCAN", "0"}, false},
		{"exporter", []string{"DBSIZE"}, false},
	} {
		answer := s.as(t, c.user, c.command...)
		assert.Equal(t, !c.may, denied(answer), "%s %v: %s", c.user, c.command, answer)
	}
}

func TestNobodyElseSignsIn(t *testing.T) {
	s := started(t)
	for reason, c := range map[string]struct{ user, password string }{
		"a user who is not listed":        {"report", s.password("auth")},
		"the password of the neighbour":   {"auth", s.password("ai-tutor")},
		"no password":                     {"auth", ""},
		"the default user":                {"default", s.password("auth")},
		"the hash in place of a password": {"auth", s.written[s.users]["users.acl"]},
	} {
		answer := s.signedIn(t, c.user, c.password, "PING")
		assert.NotContains(t, answer, "PONG", reason)
	}
	plain := exec.CommandContext(t.Context(), s.client, "-p", strconv.Itoa(s.port), "PING")
	answer, _ := plain.CombinedOutput()
	assert.Contains(t, string(answer), "NOAUTH", "without a user")
}

// What was written is there after a restart, and after a crash, up to the last second.
func TestKeysOutliveTheProcess(t *testing.T) {
	for reason, end := range map[string]func(s *server){
		"it was stopped": func(s *server) { s.stop(t) },
		"it crashed": func(s *server) {
			require.Eventually(t, func() bool {
				return strings.Contains(s.as(t, "exporter", "INFO", "persistence"), "aof_pending_bio_fsync:0")
			}, 10*time.Second, 20*time.Millisecond)
			require.NoError(t, s.process.Process.Kill())
			_ = s.process.Wait()
		},
	} {
		t.Run(reason, func(t *testing.T) {
			s := started(t)
			require.Equal(t, "OK", s.as(t, "auth", "SET", "auth:k", "kept"))
			end(s)
			s.start(t)
			assert.Equal(t, "kept", s.as(t, "auth", "GET", "auth:k"))
		})
	}
}

// A Secret was deleted, and External Secrets drew another password and composed the users anew.
func TestAChangedPasswordRestartsTheServerAndHolds(t *testing.T) {
	s := started(t)
	require.True(t, s.asked(t, "livenessProbe"), "the control: nothing has changed")
	former, changed := s.password("auth"), "another"
	s.written["auth-service-redis-url"]["password"] = changed
	s.written[s.users]["users.acl"] = strings.ReplaceAll(s.written[s.users]["users.acl"],
		hashed(former), hashed(changed))
	s.mount(t)
	assert.True(t, s.asked(t, "readinessProbe"), "the others still work")
	require.False(t, s.asked(t, "livenessProbe"), "the kubelet restarts it")
	s.stop(t)
	s.start(t)
	assert.True(t, s.asked(t, "livenessProbe"))
	assert.Equal(t, "PONG", s.as(t, "auth", "PING"))
	assert.Contains(t, s.signedIn(t, "auth", former, "PING"), "WRONGPASS")
}

func hashed(password string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(password))) }

func TestASleepingServerIsRestarted(t *testing.T) {
	s := started(t)
	s.stop(t)
	assert.False(t, s.asked(t, "readinessProbe"))
	assert.False(t, s.asked(t, "livenessProbe"))
}

// A store refuses what it cannot keep; a cache makes room.
func TestWhatHappensWhenTheMemoryIsFull(t *testing.T) {
	s := started(t)
	info := s.as(t, "exporter", "INFO", "memory")
	assert.Contains(t, info, "maxmemory_policy:noeviction")
	assert.Contains(t, info, fmt.Sprintf("maxmemory:%d", 512<<20/5*3))
}
