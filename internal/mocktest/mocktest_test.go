package mocktest_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
)

const (
	providerType  = "pulumi:providers:test"
	componentType = "test:index:Component"
	objectType    = "test:index:Object"
)

type component struct{ pulumi.ResourceState }

type object struct{ pulumi.CustomResourceState }

type provider struct{ pulumi.ProviderResourceState }

// world registers resources one by one and collects the errors.
type world struct {
	ctx *pulumi.Context
	err error
}

func (w *world) component(name string, opts ...pulumi.ResourceOption) *component {
	one := &component{}
	w.err = errors.Join(w.err, w.ctx.RegisterComponentResource(componentType, name, one, opts...))
	return one
}

func (w *world) object(name string, inputs pulumi.Map, opts ...pulumi.ResourceOption) *object {
	one := &object{}
	w.err = errors.Join(w.err, w.ctx.RegisterResource(objectType, name, inputs, one, opts...))
	return one
}

func (w *world) provider(name string) pulumi.ProviderResource {
	one := &provider{}
	w.err = errors.Join(w.err, w.ctx.RegisterResource(providerType, name, pulumi.Map{}, one))
	return one
}

// record runs a program that registers these resources.
func record(t *testing.T, register func(*world)) *mocktest.Recording {
	t.Helper()
	return mocktest.Run(t, func(ctx *pulumi.Context) error {
		w := &world{ctx: ctx}
		register(w)
		return w.err
	})
}

func TestInputsAreRecordedAsPlainValues(t *testing.T) {
	recorded := record(t, func(w *world) {
		w.object("one", pulumi.Map{
			"text": pulumi.String("a"), "whole": pulumi.Int(3), "half": pulumi.Float64(0.5), "yes": pulumi.Bool(true),
			"list":   pulumi.Array{pulumi.String("b"), pulumi.Map{"c": pulumi.String("d")}},
			"secret": pulumi.Map{"key": pulumi.ToSecret(pulumi.String("e"))},
		})
	}).Get(t, objectType, "one")
	assert.Equal(t, map[string]any{
		"text": "a", "whole": 3, "half": 0.5, "yes": true,
		"list":   []any{"b", map[string]any{"c": "d"}},
		"secret": map[string]any{"key": "e"},
	}, recorded.Inputs)
	assert.Equal(t, "d", recorded.At("list", 1, "c"))
	assert.Nil(t, recorded.At("list", 2, "c"))
	assert.Nil(t, recorded.At("text", "nothing", 0))
	assert.Equal(t, []string{"secret.key"}, recorded.Secrets)
}

func TestWhatTheEngineIsToldIsRecorded(t *testing.T) {
	recorded := record(t, func(w *world) {
		explicit, parent, first := w.provider("explicit"), w.component("parent"), w.object("first", nil)
		w.object("second", nil, pulumi.Parent(parent), pulumi.Provider(explicit),
			pulumi.DependsOn([]pulumi.Resource{first}), pulumi.Protect(true), pulumi.RetainOnDelete(true),
			pulumi.IgnoreChanges([]string{"a", "b"}), pulumi.ReplaceOnChanges([]string{"c"}), pulumi.DeleteBeforeReplace(true),
			pulumi.Timeouts(&pulumi.CustomTimeouts{Create: "1m", Update: "2m"}),
			pulumi.Aliases([]pulumi.Alias{{Name: pulumi.String("former")}, {Type: pulumi.String("test:old:Object")}}))
	})
	assert.Equal(t, &mocktest.Resource{
		Type: objectType, Name: "second", Custom: true, Inputs: map[string]any{},
		Parent:              "test:index:Component::parent",
		Provider:            "pulumi:providers:test::explicit",
		Dependencies:        []string{"test:index:Object::first"},
		Protect:             true,
		RetainOnDelete:      true,
		IgnoreChanges:       []string{"a", "b"},
		ReplaceOnChanges:    []string{"c"},
		DeleteBeforeReplace: true,
		CreateTimeout:       "1m",
		UpdateTimeout:       "2m",
		Aliases:             []string{"::former", "test:old:Object::"},
	}, recorded.Get(t, objectType, "second"))
	assert.Equal(t, []string{"second"}, mocktest.Names(recorded.Children(recorded.Get(t, componentType, "parent"))))
	assert.Equal(t, `pulumi:providers:test explicit
test:index:Component parent
test:index:Object first
test:index:Object second parent=parent provider=explicit protect=true retainOnDelete=true ignoreChanges=a,b `+
		`replaceOnChanges=c deleteBeforeReplace=true aliases=::former
`, recorded.Inventory())
}

func TestADependencyByAnInputIsRecorded(t *testing.T) {
	recorded := record(t, func(w *world) {
		first := w.object("first", nil)
		w.object("second", pulumi.Map{"id": first.ID()})
	}).Get(t, objectType, "second")
	assert.Equal(t, []string{"test:index:Object::first"}, recorded.Dependencies)
	assert.Equal(t, "first-id", recorded.At("id"))
}

func TestOutputsAreRecordedAsPlainValues(t *testing.T) {
	recorded := mocktest.Run(t, func(ctx *pulumi.Context) error {
		w := &world{ctx: ctx}
		ctx.Export("id", w.object("one", nil).ID())
		ctx.Export("nested", pulumi.Map{"list": pulumi.ToStringArray([]string{"a"})})
		return w.err
	})
	assert.Equal(t, map[string]any{
		"id": "one-id", "nested": map[string]any{"list": []any{"a"}},
	}, recorded.Outputs)
}

func TestAFailedRunKeepsWhatItRegistered(t *testing.T) {
	broken := errors.New("broken")
	recorded, err := mocktest.Try(func(ctx *pulumi.Context) error {
		w := &world{ctx: ctx}
		w.object("one", nil)
		return errors.Join(w.err, broken)
	})
	require.ErrorIs(t, err, broken)
	assert.Equal(t, []string{"one"}, mocktest.Names(recorded.Resources))
}

func TestChanged(t *testing.T) {
	before := record(t, func(w *world) {
		w.object("same", pulumi.Map{"a": pulumi.Int(1)})
		w.object("input", pulumi.Map{"a": pulumi.Int(1)})
		w.object("option", nil)
		w.object("gone", nil)
	})
	after := record(t, func(w *world) {
		w.object("same", pulumi.Map{"a": pulumi.Int(1)})
		w.object("input", pulumi.Map{"a": pulumi.Int(2)})
		w.object("option", nil, pulumi.Protect(true))
		w.object("new", nil)
	})
	assert.Equal(t, []string{"gone", "input", "new", "option"}, mocktest.Changed(before, after))
	assert.Empty(t, mocktest.Changed(before, before))
}

// listener is a testing.TB that records the failures of an assertion.
type listener struct {
	testing.TB

	complaints string
}

func (*listener) Helper() {}

func (l *listener) Errorf(format string, args ...any) { l.complaints += fmt.Sprintf(format, args...) }

func TestAssertParents(t *testing.T) {
	recorded := record(t, func(w *world) {
		root := w.component("root")
		w.object("child", nil, pulumi.Parent(root))
		w.object("orphan", nil)
		w.object("stray", nil, pulumi.Parent(w.object("no-component", nil, pulumi.Parent(root))))
	})
	l := &listener{TB: t}
	recorded.AssertParents(l, "root")
	assert.Contains(t, l.complaints, "orphan")
	assert.Contains(t, l.complaints, "test:index:Object::stray")
	assert.NotContains(t, l.complaints, "child")
}

func TestAssertParentsMissesARootThatIsNoneAnyMore(t *testing.T) {
	l := &listener{TB: t}
	record(t, func(w *world) { w.component("root") }).AssertParents(l, "root", "former")
	assert.Contains(t, l.complaints, "former")
}

func TestAssertExplicitProviders(t *testing.T) {
	recorded := record(t, func(w *world) {
		explicit := w.provider("explicit")
		w.object("explicit-object", nil, pulumi.Provider(explicit))
		w.object("ambient-object", nil)
		w.component("component")
	})
	l := &listener{TB: t}
	recorded.AssertExplicitProviders(l)
	assert.Contains(t, l.complaints, "ambient-object")
	assert.NotContains(t, l.complaints, "explicit-object")
}

// A child inherits the provider of its component.
func TestTheProviderOfAComponentIsItsChildrens(t *testing.T) {
	l := &listener{TB: t}
	recorded := record(t, func(w *world) {
		parent := w.component("parent", pulumi.Provider(w.provider("explicit")))
		w.object("child", nil, pulumi.Parent(parent))
	})
	recorded.AssertExplicitProviders(l)
	assert.Empty(t, l.complaints)
	assert.Equal(t, "pulumi:providers:test::explicit", recorded.Get(t, objectType, "child").Provider)
}

func TestAssertDependsOn(t *testing.T) {
	recorded := record(t, func(w *world) {
		w.object("second", nil, pulumi.DependsOn([]pulumi.Resource{w.object("first", nil)}))
	})
	second, first := recorded.Get(t, objectType, "second"), recorded.Get(t, objectType, "first")
	l := &listener{TB: t}
	second.AssertDependsOn(l, first.Ref())
	assert.Empty(t, l.complaints)
	first.AssertDependsOn(l, second.Ref())
	assert.Contains(t, l.complaints, "second")
}
