package drift

import (
	"slices"

	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// strangers returns the objects beside the program's: those that belong to nobody, and what others wrote into those of
// the cluster and of controllers.
func (s *scan) strangers() ([]Finding, error) {
	var found []Finding
	for _, name := range sortedObjects(s.live.objects) {
		object := s.live.objects[name]
		if _, ours := s.program.index[name]; ours || !s.concerns(object) {
			continue
		}
		makers, belongs := s.makers(object)
		switch {
		case belongs:
		case s.isPartOfAStranger(object):
			continue
		default:
			found = append(found, s.unmanaged(object))
			continue
		}
		written, err := byStrangers(object, makers)
		if err != nil {
			return nil, err
		}
		if marked(object.GetLabels(), bootstrapping) {
			written = withoutRestored(object, written)
		}
		found = append(found, s.grouped(object, "", nil, written)...)
	}
	return found, nil
}

// concerns reports whether an object lies where the program's objects do, or in the whole cluster.
func (s *scan) concerns(object live) bool {
	return object.GetNamespace() == "" || s.program.namespaces[object.GetNamespace()]
}

// makers returns patterns of the managers that may write an object, if it belongs to the cluster, to an operator, or to
// an object that does.
func (s *scan) makers(object live) (managers []string, belongs bool) {
	name := object.object()
	if s.program.released[name] && object.GetLabels()["app.kubernetes.io/managed-by"] == "Helm" {
		return helmManagers, true
	}
	for _, one := range s.known {
		if one.describes(object) {
			return one.managers, true
		}
	}
	if s.isVolumeOfTheProgram(object) {
		return []string{"*provisioner*", "kube-controller-manager", "kube-scheduler"}, true
	}
	if s.isTarget(object) {
		return []string{"external-secrets", "externalsecrets.external-secrets.io/*"}, true
	}
	return s.descends(object)
}

// isTarget reports whether an ExternalSecret of the program keeps its values in a Secret that it does not own: deleting
// it must not delete them.
func (s *scan) isTarget(object live) bool {
	return object.GetKind() == "Secret" && slices.ContainsFunc(s.program.objects, func(one managed) bool {
		name, _ := lookUp(one.inputs, fieldpath.MakePathOrDie("spec", "target", "name"))
		return one.GroupVersionKind.Kind == "ExternalSecret" && one.Namespace == object.GetNamespace() &&
			name == object.GetName()
	})
}

// descends reports whether a controller made an object for one that belongs to somebody.
func (s *scan) descends(object live) ([]string, bool) {
	owner, managers, made := s.parent(object)
	return managers, made && s.belongs(owner)
}

// isPartOfAStranger reports whether a controller made an object for one that is a finding itself, and goes with it.
func (s *scan) isPartOfAStranger(object live) bool {
	owner, _, made := s.parent(object)
	return made && s.concerns(s.live.objects[owner])
}

// parent returns the object for which a controller made another one, and patterns of the controller's managers.
func (s *scan) parent(object live) (owner Object, managers []string, made bool) {
	uid, kind := object.controller()
	owner, lives := s.live.byUID[uid]
	if !lives {
		return owner, nil, false
	}
	for _, one := range madeBy[kind] {
		if one.kind == object.object().Kind && slices.ContainsFunc(object.managers(), func(manager string) bool {
			return matchesAny(one.managers, manager)
		}) {
			return owner, one.managers, true
		}
	}
	return owner, nil, false
}

func (s *scan) belongs(name Object) bool {
	if _, ours := s.program.index[name]; ours {
		return true
	}
	_, belongs := s.makers(s.live.objects[name])
	return belongs
}

// isVolumeOfTheProgram reports whether a volume was made for a claim in the program's namespaces.
func (s *scan) isVolumeOfTheProgram(object live) bool {
	if object.GetKind() != "PersistentVolume" || object.GetAnnotations()["pv.kubernetes.io/provisioned-by"] == "" {
		return false
	}
	namespace, _ := lookUp(object.Object, fieldpath.MakePathOrDie("spec", "claimRef", "namespace"))
	text, _ := namespace.(string)
	return s.program.namespaces[text]
}

// byStrangers returns what others than the makers wrote into an object. The API server keeps no account of an object
// that was made without one: then all that such an object need not have is a stranger's.
func byStrangers(object live, makers []string) ([]field, error) {
	if len(object.GetManagedFields()) == 0 {
		return unrecorded(object), nil
	}
	all, err := byOthers(object, "", nil)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(one field) bool { return matchesAny(makers, one.by.Manager) }), nil
}

// withoutRestored removes the subjects of a default binding of the cluster that somebody wrote, if they are what the
// cluster needs. It adds them if somebody else is among them, whoever says to have written it.
func withoutRestored(object live, fields []field) []field {
	subjects := fieldpath.MakePathOrDie("subjects")
	fields = slices.DeleteFunc(fields, func(one field) bool { return under(one.path, subjects) })
	if bindsTheClustersOwn(object) {
		return fields
	}
	value, _ := lookUp(object.Object, subjects)
	by := object.writerOf(subjects)
	return append(fields, field{path: subjects, owned: subjects, change: Added, by: by, value: value})
}

// unmanaged is an object that belongs to nobody. What is in it may make it worse: a Service that nobody manages is
// suspicious, and one that opens a port to the world is dangerous.
func (s *scan) unmanaged(object live) Finding {
	found := Finding{Change: Unmanaged, Object: object.object(), By: object.creator(), Remedy: deletion(object.object())}
	about := circumstance{kind: found.Object.Kind, change: Unmanaged, manager: found.By.Manager}
	found.Class, found.Why = s.rules.judge(about)
	for path, value := range leaves(nil, object.Object) {
		about.path, about.value = path.String(), value
		class, why := s.rules.judge(about)
		if worse := found.Class.Worse(class); worse != found.Class {
			found.Class, found.Why = worse, why
		}
	}
	return found
}

// unrecorded returns the content of an object that has none as long as only the cluster writes it.
func unrecorded(object live) []field {
	var found []field
	for path, value := range leaves(nil, object.Object) {
		if slices.Contains(ofTheServer, path.String()) {
			continue
		}
		found = append(found, field{path: path, owned: path, change: Added, value: value})
	}
	return found
}

// ofTheServer are what every object has.
var ofTheServer = []string{
	".apiVersion", ".kind", ".metadata.creationTimestamp", ".metadata.generation", ".metadata.name",
	".metadata.namespace", ".metadata.resourceVersion", ".metadata.uid",
}
