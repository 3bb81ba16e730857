package externalsecret

import (
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// Target returns the Secret that an ExternalSecret writes. more says what becomes of it, such as its creationPolicy.
func Target(name string, template, more pulumi.Map) pulumi.Map {
	target := pulumi.Map{
		"name":           pulumi.String(name),
		"deletionPolicy": pulumi.String("Retain"),
		"template":       template,
	}
	maps.Copy(target, more)
	return target
}

// Template returns the template of a Secret with the values alone and these labels. Without a template, the Secret
// would inherit the annotations that control the engine.
func Template(labels pulumi.StringMap) pulumi.Map {
	return pulumi.Map{
		"engineVersion": pulumi.String("v2"),
		"mergePolicy":   pulumi.String("Replace"),
		"type":          pulumi.String("Opaque"),
		"metadata":      pulumi.Map{"labels": labels},
	}
}

// Written returns the labels of a Secret that an operator writes: the operator manages it, not Pulumi.
func Written(labels pulumi.StringMap) pulumi.StringMap {
	written := maps.Clone(labels)
	delete(written, kube.ManagedByLabel)
	return written
}

// Value returns an entry of a Secret that is read from a secret of the store. An empty property means all of that
// secret.
func Value(key, secret, property string) pulumi.Map {
	ref := pulumi.Map{
		"key":                pulumi.String(secret),
		"conversionStrategy": pulumi.String("Default"),
		"decodingStrategy":   pulumi.String("None"),
		"metadataPolicy":     pulumi.String("None"),
	}
	if property != "" {
		ref["property"] = pulumi.String(property)
	}
	return pulumi.Map{"secretKey": pulumi.String(key), "remoteRef": ref}
}

// FromStore returns the source of entries that are read from a store, and read again at this interval. The interval is
// written as Go writes a duration: the operator would change any other notation, and own the field from then on.
func FromStore(store, interval string, values ...pulumi.Input) pulumi.Map {
	return pulumi.Map{
		"refreshInterval": pulumi.String(interval),
		"secretStoreRef":  pulumi.Map{"kind": pulumi.String(StoreKind.Name), "name": pulumi.String(store)},
		"data":            pulumi.Array(values),
	}
}
