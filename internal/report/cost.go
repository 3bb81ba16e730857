package report

import (
	"fmt"
	"reflect"
	"strings"
)

// cost compares what a month costs before and after. A stack that was deployed before there was such an output has no
// former figures.
func (r *Report) cost() []string {
	before, _ := r.Set.OldOutputs["cost"].(map[string]any)
	after, known := r.Set.NewOutputs["cost"].(map[string]any)
	switch {
	case !known || r.Set.Failed():
		return nil
	case after["maximum"] == 0.0:
		return []string{"No price of it is known. " + beside(after)}
	case reflect.DeepEqual(before, after):
		return []string{fmt.Sprintf("As before: expected %s a month, from %s to %s. %s",
			amount(after, "expected"), amount(after, "minimum"), amount(after, "maximum"), beside(after))}
	}
	lines := []string{"| a month | now | then |", "|---|---|---|"}
	for _, figure := range []string{"minimum", "expected", "maximum"} {
		lines = append(lines, fmt.Sprintf("| %s | %s | %s |", figure, amount(before, figure), amount(after, figure)))
	}
	return []string{strings.Join(lines, "\n"), "\n" + beside(after)}
}

// amount returns one figure. A price that is missing makes it a lower bound.
func amount(cost map[string]any, key string) string {
	figure, known := cost[key].(float64)
	if !known {
		return "not known"
	}
	bound := ""
	if cost["lowerBound"] == true {
		bound = "at least "
	}
	return fmt.Sprintf("%s%.2f %s", bound, figure, inline(fmt.Sprint(cost["currency"])))
}

// beside says what a reader has to know beside the figures.
func beside(cost map[string]any) string {
	var said []string
	if budget, known := cost["budget"].(float64); known && budget > 0 {
		said = append(said, fmt.Sprintf("The budget is %.0f %s.", budget, inline(fmt.Sprint(cost["currency"]))))
	}
	missing, _ := cost["missing"].([]any)
	if len(missing) > 0 {
		said = append(said, fmt.Sprintf("Without a price, and not counted: %s.", inline(listed(missing))))
	}
	return strings.Join(said, " ")
}

func listed(values []any) string {
	var texts []string
	for _, value := range values {
		texts = append(texts, fmt.Sprint(value))
	}
	return strings.Join(texts, ", ")
}
