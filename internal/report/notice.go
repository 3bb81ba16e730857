package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/changeset"
)

// notice is what the pods of one part of the platform notice of a change.
type notice struct {
	restarts bool
	// words say what changes, without repetition.
	words []string
}

func (n *notice) add(word string) {
	if word != "" && !slices.Contains(n.words, word) {
		n.words = append(n.words, word)
	}
}

// text is the rest of a sentence that begins with the part's name.
func (n *notice) text() string {
	slices.Sort(n.words)
	if n.restarts {
		return "restart: " + strings.Join(n.words, ", ")
	}
	return strings.Join(n.words, ", ")
}

// notices folds the changes: parts that notice the same are one line.
func (r *Report) notices() []string {
	alike := map[string][]owner{}
	for one, noticed := range r.noticed() {
		if len(noticed.words) > 0 {
			alike[noticed.text()] = append(alike[noticed.text()], one)
		}
	}
	lines := map[string]string{}
	for text, owners := range alike {
		name, restart := names(owners)
		lines[name+text] = fmt.Sprintf("- %s %s", name, agree(text, restart))
	}
	var blocks []string
	for _, key := range slices.Sorted(maps.Keys(lines)) {
		blocks = append(blocks, lines[key])
	}
	return blocks
}

// agree makes the verb agree with its subject, and puts a colon where there is no verb.
func agree(text string, many bool) string {
	rest, restarts := strings.CutPrefix(text, "restart: ")
	switch {
	case restarts && many:
		return "restart: " + rest
	case restarts:
		return "restarts: " + rest
	default:
		return "– " + text
	}
}

// names returns the parts as the subject of a sentence, and reports whether they are several.
func names(owners []owner) (string, bool) {
	slices.SortFunc(owners, func(a, b owner) int { return cmp.Compare(a.name, b.name) })
	var list []string
	services := 0
	for _, one := range owners {
		list = append(list, "**"+inline(one.name)+"**")
		if one.service {
			services++
		}
	}
	if services == len(owners) && services > 1 {
		return fmt.Sprintf("%s (%s)", counting(services, "service"), strings.Join(list, ", ")), true
	}
	return strings.Join(list, ", "), len(owners) > 1
}

func (r *Report) noticed() map[owner]*notice {
	all := map[owner]*notice{}
	for _, change := range r.Set.Changes {
		if changeset.IsComponent(change.URN) {
			continue
		}
		by := ownerOf(r.Set, change.URN)
		if all[by] == nil {
			all[by] = &notice{}
		}
		all[by].take(change)
	}
	return all
}

func (n *notice) take(change *changeset.Change) {
	kind := string(change.URN.Type().Name())
	if !slices.Contains(workloads, kind) || change.Operation != changeset.Update {
		n.add(happening(kind, change.Operation))
		n.restarts = n.restarts || slices.Contains(workloads, kind) && change.Operation == changeset.Replace
		return
	}
	for path := range change.Paths {
		n.restarts = n.restarts || strings.HasPrefix(path, "spec.template")
		n.add(n.word(change, path))
	}
}

func (n *notice) word(change *changeset.Change, path string) string {
	if !imagePath.MatchString(path) {
		return wordFor(path)
	}
	before, _ := change.OldValue(path)
	after, _ := change.NewValue(path)
	return fmt.Sprintf("image %s → %s", code(shortImage(before)), code(shortImage(after)))
}

// shortImage keeps of a digest what is enough to tell releases apart.
func shortImage(image any) string {
	text := fmt.Sprint(image)
	const kept = len("@sha256:") + 12
	if at := strings.Index(text, "@sha256:"); at >= 0 && len(text) > at+kept {
		return text[:at+kept]
	}
	return shortened(text, shownValue)
}
