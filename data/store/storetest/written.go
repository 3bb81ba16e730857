// Package storetest lets tests run the servers that the stores describe: with the Secrets that External Secrets would
// write, and the programs of Debian's packages.
package storetest

import (
	"bytes"
	"fmt"
	"testing"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
)

const externalType = "kubernetes:external-secrets.io/v1:ExternalSecret"

// Written returns the Secrets that External Secrets writes, by name and key: first those with a password of their own,
// then those that are composed of them. The password of a Secret follows from its name.
func Written(tb testing.TB, recording *mocktest.Recording) map[string]map[string]string {
	tb.Helper()
	all := map[string]map[string]string{}
	for _, one := range recording.Each(tb, externalType) {
		if one.At("spec", "dataFrom") != nil {
			all[name(one)] = rendered(tb, one, map[string]string{"password": Password(name(one))})
		}
	}
	for _, one := range recording.Each(tb, externalType) {
		if sources, composed := one.At("spec", "data").([]any); composed {
			all[name(one)] = rendered(tb, one, read(tb, sources, all))
		}
	}
	return all
}

// Password returns the password that Written draws for a Secret.
func Password(secret string) string { return fmt.Sprintf("PasswordOf%x", secret) }

func name(one *mocktest.Resource) string {
	named, _ := one.At("spec", "target", "name").(string)
	return named
}

// read returns the values that an ExternalSecret reads from other Secrets.
func read(tb testing.TB, sources []any, from map[string]map[string]string) map[string]string {
	tb.Helper()
	values := map[string]string{}
	for _, source := range sources {
		key, _ := mocktest.At(source, "secretKey").(string)
		secret, _ := mocktest.At(source, "remoteRef", "key").(string)
		property, _ := mocktest.At(source, "remoteRef", "property").(string)
		require.Contains(tb, from, secret)
		require.Contains(tb, from[secret], property, secret)
		values[key] = from[secret][property]
	}
	return values
}

// rendered renders the template as External Secrets does
// (https://github.com/external-secrets/external-secrets/blob/v0.20.4/pkg/template/v2/template.go).
func rendered(tb testing.TB, one *mocktest.Resource, values map[string]string) map[string]string {
	tb.Helper()
	require.Equal(tb, "v2", one.At("spec", "target", "template", "engineVersion"))
	texts, _ := one.At("spec", "target", "template", "data").(map[string]any)
	require.NotEmpty(tb, texts, one.Name)
	functions := sprig.TxtFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")
	data := map[string]string{}
	for key, text := range texts {
		parsed, err := template.New(key).Option("missingkey=error").Funcs(functions).Parse(text.(string))
		require.NoError(tb, err, one.Name)
		var content bytes.Buffer
		require.NoError(tb, parsed.Execute(&content, values), one.Name)
		data[key] = content.String()
	}
	return data
}
