package config_test

import (
	"os"
	"reflect"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"
)

// referenceRow is a row of a table of docs/configuration.md: key, type, default and meaning.
var referenceRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|.*\\|.*\\|.*\\|$")

func TestTheReferenceHasEveryKeyAndNoOther(t *testing.T) {
	page, err := os.ReadFile("../../docs/configuration.md")
	require.NoError(t, err)
	var documented []string
	for _, row := range referenceRow.FindAllSubmatch(page, -1) {
		documented = append(documented, string(row[1]))
	}
	var keys []string
	for key, of := range fields() {
		keys = append(keys, leaves(key, of)...)
	}
	require.NotEmpty(t, keys)
	assert.ElementsMatch(t, keys, documented)
}

// leaves returns the keys at and below a key that hold a value.
func leaves(key string, of reflect.Type) []string {
	switch {
	case key == "services":
		key += ".<name>"
	case of.Kind() == reflect.Slice && of.Elem().Kind() == reflect.Struct:
		key, of = key+"[]", of.Elem()
	case of.Kind() == reflect.Map && of.Elem().Kind() == reflect.Struct:
		key, of = key+".<KEY>", of.Elem()
	}
	if of.Kind() != reflect.Struct || of == reflect.TypeFor[resource.Quantity]() {
		return []string{key}
	}
	var all []string
	for name, nested := range keysOf(of) {
		all = append(all, leaves(key+"."+name, nested)...)
	}
	return all
}
