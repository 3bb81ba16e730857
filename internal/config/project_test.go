package config_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/services/catalogue"
)

// fields returns the keys of the configuration with their Go types.
func fields() map[string]reflect.Type {
	of := keysOf(reflect.TypeFor[config.Config]())
	of["services"] = reflect.TypeFor[catalogue.Service]()
	return of
}

func keysOf(of reflect.Type) map[string]reflect.Type {
	found := map[string]reflect.Type{}
	for i := range of.NumField() {
		if key := of.Field(i).Tag.Get("json"); key != "-" {
			found[key] = of.Field(i).Type
		}
	}
	return found
}

// declared returns the keys that Pulumi.yaml describes, except those of the engine.
func declared(t *testing.T) map[string]mocktest.ProjectKey {
	t.Helper()
	found := mocktest.ProjectKeys(t)
	delete(found, "pulumi:disable-default-providers")
	return found
}

func TestTheProjectDisablesDefaultProviders(t *testing.T) {
	assert.Equal(t, []any{"*"}, mocktest.ProjectKeys(t)["pulumi:disable-default-providers"].Value)
}

func TestTheProjectDeclaresEveryKey(t *testing.T) {
	types := map[reflect.Kind]string{
		reflect.String: "string", reflect.Int: "integer", reflect.Bool: "boolean",
		reflect.Struct: "object", reflect.Slice: "array",
	}
	want := map[string]string{}
	for key, of := range fields() {
		want[key] = types[of.Kind()]
	}
	got := map[string]string{}
	for key, about := range declared(t) {
		got[key] = about.Type
		assert.NotEmpty(t, about.Description, key)
	}
	assert.Equal(t, want, got)
}

func TestADescriptionNamesTheKeysOfItsObject(t *testing.T) {
	for key, of := range fields() {
		if of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct {
			continue
		}
		for nested := range keysOf(of) {
			assert.Contains(t, declared(t)[key].Description, nested, key)
		}
	}
}

func TestADescriptionListsTheAllowedValues(t *testing.T) {
	for _, environment := range config.Environments() {
		assert.Contains(t, declared(t)["environment"].Description, string(environment))
	}
	for _, level := range catalogue.LogLevels() {
		assert.Contains(t, declared(t)["logLevel"].Description, string(level))
	}
	assert.Contains(t, declared(t)["services"].Description, strings.Join(catalogue.Names(), ", "))
}

func TestAKeyHasADefaultOrIsRequired(t *testing.T) {
	for key, about := range declared(t) {
		values := mocktest.StackFile(t, "local") // elsewhere, people have to be told of alerts
		delete(values, "dreamseed:"+key)
		_, err := config.Load(values, nil)
		assert.Equal(t, about.Default == nil, err != nil, "%s: %v", key, err)
	}
}
