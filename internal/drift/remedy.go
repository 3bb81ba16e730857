package drift

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// notRestored are the kinds that a repair does not make again, because that would not bring back what was there.
var notRestored = []string{
	"Job.batch",             // it would run again, out of order
	"Namespace",             // what was in it is gone, too
	"PersistentVolumeClaim", // the volume is not the one that held the data
	"CustomResourceDefinition.apiextensions.k8s.io", // neither are the objects
}

// remedy returns the command that takes a finding about fields back.
func (s *scan) remedy(object live, found Finding) string {
	if found.URN != "" && found.Change != Added {
		return repairing(s.stack)
	}
	var paths []fieldpath.Path
	for _, one := range found.fields {
		if _, isList := one.value.([]any); isList && found.URN == "" {
			return editing(found) // what the list was before is not known
		}
		paths = append(paths, s.toRemove(found, one))
	}
	patch := removal(object.Object, paths)
	if len(patch) == 0 {
		return editing(found)
	}
	return fmt.Sprintf("kubectl patch %s --type=json --patch=%s", target(object.object()), quoted(encoded(patch)))
}

// editing lets a person decide what a field is to be.
func editing(found Finding) string {
	return "kubectl edit " + target(found.Object) + " # " + found.Path
}

// toRemove returns the path to remove for an added field: the list item that it came with.
func (s *scan) toRemove(found Finding, one field) fieldpath.Path {
	return itemOf(one, s.program.index[found.Object].inputs)
}

// command returns what brings a whole object of the program back.
func (s *scan) command(of managed, change Change) string {
	if change == Gone && slices.Contains(notRestored, of.Object.Kind) {
		return refreshingUp(s.stack)
	}
	return repairing(s.stack)
}

func repairing(stack string) string { return "dreamseed drift --repair --stack " + stack }

func refreshingUp(stack string) string { return "pulumi up --refresh --stack " + stack }

func deletion(of Object) string { return "kubectl delete " + target(of) }

// target names an object for kubectl.
func target(of Object) string {
	words := strings.ToLower(of.Kind) + " " + of.Name
	if of.Namespace != "" {
		words += " --namespace " + of.Namespace
	}
	return words
}

// quoted turns a text into one word for any POSIX shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
