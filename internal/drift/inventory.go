package drift

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	discovery "k8s.io/api/apidiscovery/v2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// Reader reads from an API server, as internal/apiserver does.
type Reader interface {
	Read(ctx context.Context, path string, answer any) error
	ReadMetadata(ctx context.Context, path string, answer any) error
	ReadDiscovery(ctx context.Context, path string, answer any) error
}

// inventory holds the live objects, read by one list for each kind.
type inventory struct {
	objects map[Object]live
	byUID   map[types.UID]Object
	// unread are the kinds that could not be listed, with the reason.
	unread []unread
	listed int
	// served are the kinds of the cluster.
	served map[schema.GroupKind]served
}

// unread is a kind that could not be listed.
type unread struct {
	schema.GroupKind
	why string
}

func (u unread) String() string { return u.GroupKind.String() + ": " + u.why }

// mayBeMissing reports whether a check without the kind is complete all the same: an identity that reads no Secrets,
// not even their names, is a good one for a scheduled job.
func (u unread) mayBeMissing() bool { return u.GroupKind == schema.GroupKind{Kind: "Secret"} }

// served is a kind that the cluster serves, and how to list it.
type served struct {
	schema.GroupVersionKind
	resource string
	// namespaced reports whether its objects lie in namespaces.
	namespaced bool
}

func (s served) path() string {
	if s.Group == "" {
		return "/api/" + s.Version + "/" + s.resource
	}
	return "/apis/" + s.Group + "/" + s.Version + "/" + s.resource
}

// uri returns the path of one object.
func (s served) uri(namespace, name string) string {
	base, resource := strings.TrimSuffix(s.path(), "/"+s.resource), s.resource
	if s.namespaced {
		base += "/namespaces/" + namespace
	}
	return base + "/" + resource + "/" + name
}

// parallel is the number of lists that are read at a time.
const parallel = 8

// takeInventory lists every kind that may hold an object of the program or a stranger that matters.
func takeInventory(ctx context.Context, reader Reader, program program) (*inventory, error) {
	all, err := discover(ctx, reader)
	if err != nil {
		return nil, err
	}
	taken := &inventory{
		objects: map[Object]live{}, byUID: map[types.UID]Object{}, served: map[schema.GroupKind]served{},
	}
	var group sync.WaitGroup
	var lock sync.Mutex
	var problems []error
	slots := make(chan struct{}, parallel)
	for _, kind := range all {
		kind.Version = program.version(kind)
		taken.served[kind.GroupKind()] = kind
		if !matters(kind) && !program.has(kind.GroupKind()) {
			continue
		}
		taken.listed++
		group.Go(func() {
			slots <- struct{}{}
			found, err := list(ctx, reader, kind)
			<-slots
			lock.Lock()
			defer lock.Unlock()
			if err := taken.note(kind, found, err); err != nil {
				problems = append(problems, err)
			}
		})
	}
	group.Wait()
	slices.SortFunc(taken.unread, func(a, b unread) int { return strings.Compare(a.String(), b.String()) })
	return taken, errors.Join(problems...)
}

// note adds the objects of a kind. A kind that the identity may not list is no error, but the report says so.
func (i *inventory) note(kind served, found []unstructured.Unstructured, err error) error {
	switch {
	case apierrors.IsForbidden(err):
		i.unread = append(i.unread, unread{kind.GroupKind(), "the identity may not list it"})
	case apierrors.IsNotFound(err), apierrors.IsServiceUnavailable(err):
		i.unread = append(i.unread, unread{kind.GroupKind(), "the API server does not serve it now"})
	case err != nil:
		return fmt.Errorf("listing %s: %w", kind.GroupKind(), err)
	}
	for _, one := range found {
		one.SetGroupVersionKind(kind.GroupVersionKind)
		object := live{one, kind.uri(one.GetNamespace(), one.GetName())}
		i.objects[object.object()] = object
		i.byUID[one.GetUID()] = object.object()
	}
	return nil
}

// uri returns the path of an object of the program, which need not live.
func (i *inventory) uri(of managed) string {
	return i.served[of.GroupKind()].uri(of.Namespace, of.Name)
}

// page is the number of objects in one answer (https://kubernetes.io/docs/reference/using-api/api-concepts/).
const page = "500"

// list reads all objects of a kind. Of Secrets it reads the metadata.
func list(ctx context.Context, reader Reader, kind served) ([]unstructured.Unstructured, error) {
	read := reader.Read
	if kind.Kind == "Secret" {
		read = reader.ReadMetadata
	}
	var all []unstructured.Unstructured
	query := url.Values{"limit": {page}}
	for {
		var answer struct {
			Metadata metav1.ListMeta
			Items    []content
		}
		if err := read(ctx, kind.path()+"?"+query.Encode(), &answer); err != nil {
			return nil, err
		}
		for _, one := range answer.Items {
			all = append(all, unstructured.Unstructured{Object: one})
		}
		if answer.Metadata.Continue == "" {
			return all, nil
		}
		query.Set("continue", answer.Metadata.Continue)
	}
}

// content is an object whose numbers are int64 where they are whole, as the packages of Kubernetes expect.
type content map[string]any

// UnmarshalJSON decodes an object of a list, which need not say its kind.
func (c *content) UnmarshalJSON(data []byte) error {
	return unmarshal(data, (*map[string]any)(c))
}

// discover returns every kind that can be listed, in the version that the server prefers.
func discover(ctx context.Context, reader Reader) ([]served, error) {
	var all []served
	for _, path := range []string{"/api", "/apis"} {
		var groups discovery.APIGroupDiscoveryList
		if err := reader.ReadDiscovery(ctx, path, &groups); err != nil {
			return nil, fmt.Errorf("asking which kinds the cluster serves: %w", err)
		}
		for _, group := range groups.Items {
			all = append(all, kindsOf(group)...)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("asking which kinds the cluster serves: it names none")
	}
	return all, nil
}

func kindsOf(group discovery.APIGroupDiscovery) []served {
	var all []served
	seen := map[string]bool{}
	for _, version := range group.Versions {
		for _, resource := range version.Resources {
			if seen[resource.Resource] || resource.ResponseKind == nil || !slices.Contains(resource.Verbs, "list") {
				continue
			}
			seen[resource.Resource] = true
			all = append(all, served{
				GroupVersionKind: schema.GroupVersionKind{
					Group: group.Name, Version: version.Version, Kind: resource.ResponseKind.Kind,
				},
				resource: resource.Resource, namespaced: resource.Scope == discovery.ScopeNamespace,
			})
		}
	}
	return all
}
