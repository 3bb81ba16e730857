// Package standin stands in for a cloud towards the Pulumi engine, because the cloud's own API is not available on this
// machine. It speaks the real provider protocol, so that the program runs unchanged. It creates nothing, and knows
// exactly what its tables contain: it refuses a resource type, a function or a property without an entry. It also
// refuses valid requests that the cloud itself refuses: a version that is no longer sold, a name that is taken, an
// address in use. For that the stand-in remembers names in the stack's own sandbox: what a destroyed environment leaves
// behind in a cloud, it leaves behind here, until the sandbox is cleaned.
//
// The tables were taken from the documentation or the schema of the real provider, which each entry names.
package standin

// Cloud describes one cloud as data.
type Cloud struct {
	// Package is the Pulumi package, for example gcp.
	Package string
	// Version is the version of the real provider that the tables were taken from and that the SDK requires.
	Version string
	// Config lists the known settings of the provider. All are plain strings, booleans or numbers, or JSON.
	Config []string
	// Resources has the known resource types, by type token.
	Resources map[string]Resource
	// Functions has the known functions ("invokes"), by token.
	Functions map[string]Function
	// Rules has the further reasons to refuse a resource, by type token.
	Rules map[string]Rules
}

// Resource describes a resource type as data.
//
// Properties are named by dotted paths: "autoscaling.totalMinNodeCount". List elements have no index: a path holds for
// all of them. A path that ends in ".*" is an object with any keys, such as labels. The parents of a path are known,
// too.
type Resource struct {
	// Source is the address of the real provider's documentation or schema.
	Source string
	// Inputs lists all properties that the program may set. Any other is refused.
	Inputs []string
	// Required lists the inputs without which the real provider refuses the resource.
	Required []string
	// Replaces lists the inputs that replace the resource when they, or a property below them, change.
	Replaces []string
	// ID is the identifier that the cloud assigns to the resource.
	ID Value
	// Outputs are the properties that the cloud fills in, in addition to the inputs, which are outputs too. They are
	// unknown in the preview of a creation. An output that the program may also set keeps the program's value. Secrets
	// names those that the real provider keeps secret.
	Outputs map[string]Value
	Secrets []string
	// Protection is a boolean input that makes the cloud itself refuse a deletion. Optional.
	Protection string
}

// Function describes a function of the provider as data.
type Function struct {
	// Source is the address of the real provider's documentation or schema.
	Source string
	// Arguments lists all known arguments. Any other is refused.
	Arguments []string
	// Result has the properties of the result.
	Result map[string]Value
	// Secrets lists the properties of the result that the real provider keeps secret.
	Secrets []string
}

// Value computes a property that the cloud fills in.
type Value func(Instance) any

// Instance is the input of a Value: a resource that is created, read or updated, or a call of a function.
type Instance struct {
	// ID is the resource's identifier. It is empty during the creation, and for functions.
	ID string
	// Serial is random for each creation, so that a replacement gets another ID. It is only set while the ID is computed.
	Serial string
	// Inputs are the resource's inputs, or the function's arguments, in plain Go types: string, bool, int, float64, []any
	// and map[string]any. In a preview an unknown input, even a list, is represented by a string. A Value computed from it
	// is unknown, too.
	Inputs map[string]any
	// Config is the provider's configuration.
	Config map[string]string
	// Server is the API server behind every cluster of this cloud.
	Server APIServer
}

// APIServer holds the sandbox's API server as its kubeconfig currently names it.
type APIServer struct {
	// URL is its address.
	URL string
	// Authority is the base64-encoded PEM of the certificate authority that signed its certificate.
	Authority string
}

// Text is a Value that fills in a template: "projects/{project}/locations/{location}/clusters/{name}". A placeholder in
// braces is "id", "serial", the path of an input, or else a setting of the provider.
func Text(template string) Value { return func(i Instance) any { return i.fill(template) } }

// Constant is a Value that is always the same.
func Constant(value any) Value { return func(Instance) any { return value } }

// ServerURL is a Value: the address of the sandbox's API server.
func ServerURL(i Instance) any { return i.Server.URL }

// ServerAuthority is a Value: the authority that signed the certificate of the sandbox's API server.
func ServerAuthority(i Instance) any { return i.Server.Authority }
