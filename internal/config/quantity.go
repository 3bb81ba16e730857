package config

import (
	"fmt"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/invalid"
)

// quantity matches Kubernetes quantities without exponents: comparing 1e999999999 with anything takes minutes.
var quantity = regexp.MustCompile(`^[+-]?[0-9.]{1,20}([numkMGTPE]|[KMGTPE]i)?$`)

// amount restricts quantities of one kind to plausible values. Kubernetes accepts 512m of memory, half a byte, and 250M
// of CPU, two hundred and fifty million cores: the user meant another unit in both cases.
type amount struct {
	// units matches the suffixes that make sense.
	units *regexp.Regexp
	// whole rounds up to the smallest unit that can be divided no further.
	whole func(resource.Quantity) *resource.Quantity
	// least is the minimum for a container to start, most the size of the largest machine.
	least, most resource.Quantity
	// rule states the restriction in words.
	rule string
}

// amounts are the kinds, by the last part of a key. The largest machines for rent have 1920 CPUs
// (https://aws.amazon.com/ec2/instance-types/high-memory) and 32 TiB.
var amounts = map[string]amount{
	"cpu": {
		units: regexp.MustCompile(`[0-9.]m?$`),
		whole: func(q resource.Quantity) *resource.Quantity {
			return resource.NewMilliQuantity(q.MilliValue(), resource.DecimalSI)
		},
		least: resource.MustParse("1m"), most: resource.MustParse("2048"),
		rule: "must be CPUs of a machine, whole ones or thousandths, such as 2 or 250m",
	},
	"memory": {
		units: regexp.MustCompile(`[0-9.](k|M|G|T|Ki|Mi|Gi|Ti)?$`),
		whole: func(q resource.Quantity) *resource.Quantity {
			return resource.NewQuantity(q.Value(), resource.BinarySI)
		},
		least: resource.MustParse("1Mi"), most: resource.MustParse("64Ti"),
		rule: "must be whole bytes, 1Mi or more, with a unit such as 512Mi or 2Gi",
	},
}

func checkQuantity(key string, given any, problems *invalid.Problems) {
	text := fmt.Sprint(given)
	parsed, ok := parseQuantity(text)
	if !ok {
		problems.Add(key, given, "must be a Kubernetes quantity such as 250m, 2 or 512Mi")
		return
	}
	kind, known := amounts[key[strings.LastIndex(key, ".")+1:]]
	if parsed.Sign() <= 0 || !known {
		return // the key's own rule decides whether 0 is allowed
	}
	switch {
	case !kind.units.MatchString(text), parsed.Cmp(*kind.whole(parsed)) != 0, parsed.Cmp(kind.least) < 0:
		problems.Add(key, text, "%s", kind.rule)
	case parsed.Cmp(kind.most) > 0 && !strings.HasPrefix(key, "quotas."): // quotas cover many machines
		problems.Add(key, text, "must be at most %s: no machine has more", kind.most.String())
	}
}

func parseQuantity(text string) (resource.Quantity, bool) {
	if !quantity.MatchString(text) {
		return resource.Quantity{}, false
	}
	parsed, err := resource.ParseQuantity(text)
	return parsed, err == nil
}
