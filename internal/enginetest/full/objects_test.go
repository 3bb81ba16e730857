package full

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/lifecycle"
	"github.com/minio/minio-go/v7/pkg/tags"
	gopsnet "github.com/shirou/gopsutil/v4/net"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/data/objects"
	"github.com/dreamseed/platform/internal/sandbox/components"
)

// put writes an object and returns the error.
func put(ctx context.Context, as *minio.Client, bucket, key, text string) error {
	_, err := as.PutObject(ctx, bucket, key, strings.NewReader(text), int64(len(text)), minio.PutObjectOptions{})
	return err
}

// get returns the text of an object.
func get(ctx context.Context, as *minio.Client, bucket, key string) (string, error) {
	object, err := as.GetObject(ctx, bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(object)
	return string(text), err
}

// listed returns the keys of a bucket.
func listed(ctx context.Context, as *minio.Client, bucket string) ([]string, error) {
	var all []string
	for object := range as.ListObjects(ctx, bucket, minio.ListObjectsOptions{Recursive: true}) {
		if object.Err != nil {
			return nil, object.Err
		}
		all = append(all, object.Key)
	}
	return all, nil
}

func copied(ctx context.Context, as *minio.Client, from, to string) error {
	_, err := as.CopyObject(ctx, minio.CopyDestOptions{Bucket: to, Object: "copy"},
		minio.CopySrcOptions{Bucket: from, Object: "o"})
	return err
}

// bucketsOf returns the buckets that an identity sees.
func bucketsOf(t *testing.T, as *minio.Client) []string {
	t.Helper()
	infos, err := as.ListBuckets(t.Context())
	require.NoError(t, err)
	names := []string{}
	for _, info := range infos {
		names = append(names, info.Name)
	}
	return names
}

// made are the buckets that the Job makes.
var made = []string{"backups", "content-media", "user-avatars", "user-exports"}

func TestTheImageHasTheVersionThatIsTested(t *testing.T) {
	t.Parallel()
	printed, err := exec.CommandContext(t.Context(), local.Layout.Binary(components.SeaweedFS), "version").Output()
	require.NoError(t, err)
	_, tag, _ := strings.Cut(objects.Image, ":")
	assert.Contains(t, string(printed), " "+tag+" ")
}

// An upload to a bucket fails once there is no room for further volume files.
func TestEveryBucketIsMadeAndTakesObjects(t *testing.T) {
	t.Parallel()
	s := startedSeaweedFS(t)
	admin := s.as(t, "admin")
	assert.ElementsMatch(t, made, bucketsOf(t, admin))
	for _, bucket := range made {
		require.NoError(t, put(t.Context(), admin, bucket, "o", bucket), bucket)
	}
	s.makeBuckets(t)
	for _, bucket := range made {
		text, err := get(t.Context(), admin, bucket, "o")
		require.NoError(t, err, "the Job may run again")
		assert.Equal(t, bucket, text)
	}
	rules, err := admin.GetBucketLifecycle(t.Context(), "backups")
	require.NoError(t, err)
	require.Len(t, rules.Rules, 1)
	assert.Equal(t, "Enabled", rules.Rules[0].Status)
	assert.EqualValues(t, 30, rules.Rules[0].Expiration.Days)
	assert.EqualValues(t, 1, rules.Rules[0].AbortIncompleteMultipartUpload.DaysAfterInitiation)
}

func TestAServiceUsesItsOwnBuckets(t *testing.T) {
	t.Parallel()
	s := startedSeaweedFS(t)
	user, ctx := s.as(t, "user"), t.Context()
	assert.ElementsMatch(t, []string{"user-avatars", "user-exports"}, bucketsOf(t, user), "and sees no other")
	require.NoError(t, put(ctx, user, "user-avatars", "o", "text"))
	text, err := get(ctx, user, "user-avatars", "o")
	require.NoError(t, err)
	assert.Equal(t, "text", text)
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // 16 MiB, in parts of 5
	_, err = user.PutObject(ctx, "user-avatars", "large", bytes.NewReader(large), int64(len(large)),
		minio.PutObjectOptions{PartSize: 5 << 20})
	require.NoError(t, err)
	text, err = get(ctx, user, "user-avatars", "large")
	require.NoError(t, err)
	assert.True(t, bytes.Equal(large, []byte(text)), "an upload in parts comes back as it was")
	require.NoError(t, copied(ctx, user, "user-avatars", "user-exports"))
	marked, err := tags.NewTags(map[string]string{"kind": "face"}, true)
	require.NoError(t, err)
	require.NoError(t, user.PutObjectTagging(ctx, "user-avatars", "o", marked, minio.PutObjectTaggingOptions{}))
	found, err := listed(ctx, user, "user-avatars")
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"o", "large"}, found)
	require.NoError(t, user.RemoveObject(ctx, "user-avatars", "o", minio.RemoveObjectOptions{}))
	_, err = get(ctx, user, "user-avatars", "o")
	assert.Equal(t, "NoSuchKey", minio.ToErrorResponse(err).Code)
}

func TestAServiceMayNotTouchWhatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	s := startedSeaweedFS(t)
	user := s.as(t, "user")
	require.NoError(t, put(t.Context(), s.as(t, "content"), "content-media", "o", "private"))
	require.NoError(t, put(t.Context(), user, "user-avatars", "o", "own"))
	for reason, attempt := range map[string]func(ctx context.Context) error{
		"read": func(ctx context.Context) error {
			_, err := get(ctx, user, "content-media", "o")
			return err
		},
		"look": func(ctx context.Context) error {
			_, err := user.StatObject(ctx, "content-media", "o", minio.StatObjectOptions{})
			return err
		},
		"write":     func(ctx context.Context) error { return put(ctx, user, "content-media", "o", "changed") },
		"copy from": func(ctx context.Context) error { return copied(ctx, user, "content-media", "user-avatars") },
		"copy to":   func(ctx context.Context) error { return copied(ctx, user, "user-avatars", "content-media") },
		"delete": func(ctx context.Context) error {
			return user.RemoveObject(ctx, "content-media", "o", minio.RemoveObjectOptions{})
		},
		"list": func(ctx context.Context) error {
			_, err := listed(ctx, user, "content-media")
			return err
		},
		"list the backups": func(ctx context.Context) error {
			_, err := listed(ctx, user, "backups")
			return err
		},
		"write a backup":    func(ctx context.Context) error { return put(ctx, user, "backups", "o", "text") },
		"remove the bucket": func(ctx context.Context) error { return user.RemoveBucket(ctx, "content-media") },
		"remove its own":    func(ctx context.Context) error { return user.RemoveBucket(ctx, "user-exports") },
		"make a bucket": func(ctx context.Context) error {
			return user.MakeBucket(ctx, "user-further", minio.MakeBucketOptions{})
		},
		"let others in": func(ctx context.Context) error { return user.SetBucketPolicy(ctx, "content-media", openPolicy) },
		"let others into its own": func(ctx context.Context) error {
			return user.SetBucketPolicy(ctx, "user-avatars", strings.ReplaceAll(openPolicy, "content-media", "user-avatars"))
		},
		"delete all by a rule": func(ctx context.Context) error {
			return user.SetBucketLifecycle(ctx, "content-media", expiring("", time.Now().AddDate(0, 0, -2)))
		},
	} {
		err := attempt(t.Context())
		refused := minio.ToErrorResponse(err)
		assert.Equal(t, http.StatusForbidden, refused.StatusCode, "%s: %v", reason, err)
	}
	text, err := get(t.Context(), s.as(t, "content"), "content-media", "o")
	require.NoError(t, err)
	assert.Equal(t, "private", text, "it is as it was")
	assert.ElementsMatch(t, made, bucketsOf(t, s.as(t, "admin")))
}

const openPolicy = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
	"Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::content-media/*"]}]}`

func TestBackupsAreForTheirOwnIdentity(t *testing.T) {
	t.Parallel()
	s := startedSeaweedFS(t)
	backups := s.as(t, "backups")
	assert.Equal(t, []string{"backups"}, bucketsOf(t, backups))
	require.NoError(t, put(t.Context(), backups, "backups", "user/o", "dump"))
	text, err := get(t.Context(), backups, "backups", "user/o")
	require.NoError(t, err)
	assert.Equal(t, "dump", text)
	_, err = listed(t.Context(), backups, "user-avatars")
	assert.Equal(t, http.StatusForbidden, minio.ToErrorResponse(err).StatusCode)
}

func TestNobodyElseIsLetIn(t *testing.T) {
	t.Parallel()
	s := startedSeaweedFS(t)
	require.NoError(t, put(t.Context(), s.as(t, "content"), "content-media", "o", "private"))
	neighbours := s.written["user-service-object-storage"]["OBJECT_STORAGE_SECRET_ACCESS_KEY"]
	for reason, client := range map[string]*minio.Client{
		"the neighbour's key":       s.with(t, "content", neighbours),
		"a key of nobody":           s.with(t, "report", "report"),
		"an empty key":              s.with(t, "content", ""),
		"nobody at all, by no name": s.with(t, "", ""),
	} {
		_, err := get(t.Context(), client, "content-media", "o")
		assert.Equal(t, http.StatusForbidden, minio.ToErrorResponse(err).StatusCode, "%s: %v", reason, err)
	}
}

func TestObjectsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	s := startedSeaweedFS(t)
	require.NoError(t, put(t.Context(), s.as(t, "user"), "user-avatars", "o", "kept"))
	for reason, end := range map[string]func(){
		"it was stopped": func() { s.stop(t) },
		"it crashed":     s.crash,
	} {
		end()
		s.start(t)
		require.Eventually(t, func() bool {
			text, err := get(t.Context(), s.as(t, "user"), "user-avatars", "o")
			return err == nil && text == "kept"
		}, time.Minute, 100*time.Millisecond, reason)
	}
}

// A Secret was deleted, and External Secrets drew another key and composed the identities anew.
func TestAChangedKeyRestartsTheStoreAndHolds(t *testing.T) {
	t.Parallel()
	s := startedSeaweedFS(t)
	require.True(t, s.alive(t), "the control: nothing has changed")
	const secret, key = "user-service-object-storage", "OBJECT_STORAGE_SECRET_ACCESS_KEY"
	before := s.as(t, "user")
	mounted := filepath.Join(s.path("mounted"), "s3.json")
	content, err := os.ReadFile(mounted)
	require.NoError(t, err)
	changed := strings.ReplaceAll(string(content), s.written[secret][key], "another")
	require.NoError(t, os.WriteFile(mounted, []byte(changed), 0o600))
	s.written[secret][key] = "another"
	require.False(t, s.alive(t), "the kubelet restarts it")
	s.stop(t)
	s.start(t)
	assert.True(t, s.alive(t))
	// It answers before it has found its volumes again, and a client tries again until then.
	require.Eventually(t, func() bool {
		return put(t.Context(), s.as(t, "user"), "user-avatars", "o", "text") == nil
	}, time.Minute, 100*time.Millisecond)
	err = put(t.Context(), before, "user-avatars", "o", "text")
	assert.Equal(t, http.StatusForbidden, minio.ToErrorResponse(err).StatusCode)
}

// expiring returns the rule that deletes what begins so, from that day on.
func expiring(prefix string, day time.Time) *lifecycle.Configuration {
	return &lifecycle.Configuration{Rules: []lifecycle.Rule{{
		ID: "test", Status: "Enabled", RuleFilter: lifecycle.Filter{Prefix: prefix},
		Expiration: lifecycle.Expiration{Date: lifecycle.ExpirationDate{Time: day.UTC().Truncate(24 * time.Hour)}},
	}}}
}

// SeaweedFS itself takes a rule and deletes nothing: the container beside it does.
func TestARuleIsCarriedOut(t *testing.T) {
	t.Parallel()
	s := startedSeaweedFS(t)
	backups, ctx := s.as(t, "backups"), t.Context()
	for _, key := range []string{"old/o", "new/o"} {
		require.NoError(t, put(ctx, backups, "backups", key, "dump"))
	}
	require.NoError(t, s.as(t, "admin").SetBucketLifecycle(ctx, "backups", expiring("old/", time.Now().AddDate(0, 0, -1))))
	beside := s.container(t, 1)
	require.Equal(t, "lifecycle", beside["name"])
	pass := s.command(t, beside, beside["command"])
	pass.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the shell has a child
	var printed bytes.Buffer
	pass.Stdout, pass.Stderr = &printed, &printed
	require.NoError(t, pass.Start())
	defer func() {
		_ = syscall.Kill(-pass.Process.Pid, syscall.SIGKILL)
		_ = pass.Wait()
	}()
	require.Eventually(t, func() bool {
		found, err := listed(ctx, backups, "backups")
		return err == nil && len(found) == 1
	}, time.Minute, 200*time.Millisecond, "%s", &printed)
	found, err := listed(ctx, backups, "backups")
	require.NoError(t, err)
	assert.Equal(t, []string{"new/o"}, found)
}

// What asks nobody for a key is reached from within the pod alone.
func TestNothingElseListens(t *testing.T) {
	t.Parallel()
	s := startedSeaweedFS(t)
	expected := map[uint32]string{}
	for flag, port := range s.ports {
		expected[uint32(port)] = flag
	}
	connections, err := gopsnet.ConnectionsPidWithContext(t.Context(), "inet", int32(s.process.Process.Pid))
	require.NoError(t, err)
	listening := 0
	for _, one := range connections {
		if one.Status == "LISTEN" {
			listening++
			assert.Equal(t, "127.0.0.1", one.Laddr.IP, "port %d", one.Laddr.Port)
			assert.Contains(t, expected, one.Laddr.Port, "a port that the pod does not know of")
		}
	}
	assert.Equal(t, len(seaweedPorts), listening)
}
