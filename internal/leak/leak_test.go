package leak_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dreamseed/platform/internal/leak"
)

const planted = "s3cret/value+with \"all\" of=it"

func TestASecretIsFoundInEveryForm(t *testing.T) {
	inJSON, err := json.Marshal(map[string]string{"key": planted})
	require.NoError(t, err)
	cases := map[string]string{
		"in clear":       "before " + planted + " after",
		"in JSON":        string(inJSON),
		"in a URL":       "https://host/?key=" + url.QueryEscape(planted),
		"in hexadecimal": hex.EncodeToString([]byte("before " + planted)),
		"in base64":      base64.StdEncoding.EncodeToString([]byte("before " + planted + " after")),
	}
	for form, text := range cases {
		assert.Equal(t, []string{"a log holds the password, " + form},
			leak.Find(leak.Secrets{"the password": planted}, map[string]string{"a log": text}))
	}
}

func TestASecretOfSeveralLinesIsFoundInABlock(t *testing.T) {
	const key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nshort==\n-----END KEY-----\n"
	block := "data:\n  key: |\n    " + strings.ReplaceAll(strings.TrimSuffix(key, "\n"), "\n", "\n    ") + "\n"
	assert.Equal(t, []string{"a manifest holds the key, in YAML"},
		leak.Find(leak.Secrets{"the key": key}, map[string]string{"a manifest": block}))
}

func TestBase64IsFoundWhereverTheSecretBegins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringN(8, 40, 60).Draw(t, "value")
		before, after := rapid.String().Draw(t, "before"), rapid.String().Draw(t, "after")
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding} {
			text := encoding.EncodeToString([]byte(before + value + after))
			assert.NotEmpty(t, leak.Find(leak.Secrets{"it": value}, map[string]string{"text": text}))
		}
	})
}

func TestWhatHoldsNoSecretIsNotNamed(t *testing.T) {
	secrets := leak.Secrets{"one": planted, "two": strings.ToUpper(planted)}
	assert.Empty(t, leak.Find(secrets, map[string]string{"a": "nothing", "b": base64.StdEncoding.EncodeToString(
		[]byte(planted[:len(planted)-2]))}))
	assert.Equal(t, []string{"b holds two, in clear"},
		leak.Find(secrets, map[string]string{"a": "nothing", "b": strings.ToUpper(planted)}))
}
