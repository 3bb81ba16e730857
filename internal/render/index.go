package render

import (
	"fmt"
	"slices"
	"strings"
)

// index returns the page that says what the folder has, and what it has not.
func (r *Rendering) index(all []object, staying []resourceName) string {
	var page strings.Builder
	fmt.Fprintf(&page, "# Stack %s as manifests\n\n", r.Stack)
	page.WriteString("`dreamseed render` wrote this folder from the stack's state. The manifests are what is deployed; " +
		"`kustomization.yaml`\nadds what Argo CD needs. The project's `docs/gitops.md` says how to hand over.\n\n")
	section(&page, "Applied, one wave after the other", []string{"wave", "kind", "objects"}, counted(all))
	var leftOut [][]string
	for _, one := range r.LeftOut {
		leftOut = append(leftOut, []string{one.Object, "it " + one.Why})
	}
	section(&page, "Left out", []string{"object", "why"}, leftOut)
	var clouds [][]string
	for _, one := range staying {
		clouds = append(clouds, []string{"`" + one.kind + "`", one.name})
	}
	section(&page, "Stays with Pulumi", []string{"type", "name"}, clouds)
	return strings.TrimRight(page.String(), "\n") + "\n"
}

// counted returns the number of objects of each kind, in their order.
func counted(all []object) [][]string {
	var rows [][]string
	for i := 0; i < len(all); {
		stage, kind := all[i].stage(), all[i].kind
		count := slices.IndexFunc(all[i:], func(o object) bool { return o.stage() != stage || o.kind != kind })
		if count < 0 {
			count = len(all) - i
		}
		rows = append(rows, []string{fmt.Sprint(firstWave + stage), kind, fmt.Sprint(count)})
		i += count
	}
	return rows
}

func section(page *strings.Builder, title string, header []string, rows [][]string) {
	fmt.Fprintf(page, "## %s\n\n", title)
	if len(rows) == 0 {
		page.WriteString("Nothing.\n\n")
		return
	}
	rule := slices.Repeat([]string{"---"}, len(header))
	for _, row := range slices.Concat([][]string{header, rule}, rows) {
		fmt.Fprintf(page, "| %s |\n", strings.Join(row, " | "))
	}
	page.WriteString("\n")
}
