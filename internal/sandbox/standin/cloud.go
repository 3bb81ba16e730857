// Package standin plays the part of a cloud towards the Pulumi engine, because the cloud's own API cannot be had on
// this machine. It speaks the real provider protocol, so that the program that a user runs is run as it is; it makes
// nothing, and knows exactly what its tables say: a resource type, a function or a property that has no entry there
// is refused. So is what a cloud itself refuses although it knows every property: a version that it no longer sells, a
// name that is taken, an address in use. For that the stand-in remembers names, in the stack's own sandbox: what a
// destroyed environment leaves behind in a cloud, it leaves behind here, until the sandbox is cleaned.
//
// What the tables say is taken from the documentation or the schema of the real provider, which each entry names.
package standin

// Cloud is one cloud as data.
type Cloud struct {
	// Package is the Pulumi package, for example gcp.
	Package string
	// Version is that of the real provider which the tables were taken from, and the one that the SDK asks for.
	Version string
	// Config are the settings of the provider that are known. All are plain strings, booleans or numbers, or JSON.
	Config []string
	// Resources are the resource types that are known, by their type tokens.
	Resources map[string]Resource
	// Functions are the functions ("invokes") that are known, by their tokens.
	Functions map[string]Function
	// Rules are what is refused of the resource types beyond that, by their type tokens.
	Rules map[string]Rules
}

// Resource is a resource type as data.
//
// Properties are named by paths with dots: "autoscaling.totalMinNodeCount". Elements of lists have no index: what
// holds for one holds for all. A path that ends in ".*" is an object with any keys, such as labels. A path says that
// its parents are known, too.
type Resource struct {
	// Source is where the real provider says so: the address of its documentation or schema.
	Source string
	// Inputs are all properties that the program may set. Any other is refused.
	Inputs []string
	// Required are the inputs without which the real provider refuses the resource.
	Required []string
	// Replaces are the inputs whose change makes the engine replace the resource. A change below one counts as well.
	Replaces []string
	// ID is the identifier that the cloud gives to the resource.
	ID Value
	// Outputs are the properties that the cloud fills in, beside the inputs, which are outputs too. They are not known
	// in the preview of a creation. One that the program may set as well stays as it was set. Those that the real
	// provider keeps secret are named in Secrets.
	Outputs map[string]Value
	Secrets []string
	// Protection is a boolean input with which the cloud itself refuses a deletion. Optional.
	Protection string
}

// Function is a function of the provider as data.
type Function struct {
	// Source is where the real provider says so.
	Source string
	// Arguments are all that may be given. Any other is refused.
	Arguments []string
	// Result are the properties of the result.
	Result map[string]Value
	// Secrets are the properties of the result that the real provider keeps secret.
	Secrets []string
}

// Value says what the cloud fills in.
type Value func(Instance) any

// Instance is what a Value can be made of: a resource that is created, read or updated, or a call of a function.
type Instance struct {
	// ID is the resource's identifier. Empty while it is being made, and for functions.
	ID string
	// Serial is drawn for each creation, so that a replacement gets another ID. Empty but while the ID is made.
	Serial string
	// Inputs are the resource's inputs, or the function's arguments, in plain Go types: string, bool, int, float64,
	// []any and map[string]any. In a preview one that is not known yet is a string, and so is what stands for a list.
	// What a Value makes of it is not known either.
	Inputs map[string]any
	// Config is what the provider was configured with.
	Config map[string]string
	// Server is the API server that every cluster of this cloud leads to.
	Server APIServer
}

// APIServer is the sandbox's API server as its kubeconfig names it at this moment.
type APIServer struct {
	// URL is its address.
	URL string
	// Authority is the PEM of the authority that its certificate is signed by, encoded in base64.
	Authority string
}

// Text is a Value that fills in a template: "projects/{project}/locations/{location}/clusters/{name}". What stands in
// braces is "id", "serial", an input by its path, or else a setting of the provider.
func Text(template string) Value { return func(i Instance) any { return i.fill(template) } }

// Constant is a Value that is always the same.
func Constant(value any) Value { return func(Instance) any { return value } }

// ServerURL is a Value that leads to the sandbox's API server.
func ServerURL(i Instance) any { return i.Server.URL }

// ServerAuthority is a Value that says who signed the certificate of the sandbox's API server.
func ServerAuthority(i Instance) any { return i.Server.Authority }
