package container

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// arguments returns the container's arguments without the executable, which the image or the first word of its command
// names.
func arguments(container *corev1.Container) []string {
	if len(container.Command) == 0 {
		return container.Args
	}
	return slices.Concat(container.Command[1:], container.Args)
}

// Flag returns the value of a flag of a container, which is named without its dashes, or "" if it is not set.
func Flag(container *corev1.Container, name string) string {
	for _, one := range arguments(container) {
		if strings.HasPrefix(one, "-") && flagName(one) == name {
			_, value, _ := strings.Cut(one, "=")
			return value
		}
	}
	return ""
}

// without returns the arguments without the flags of these names, and without those that others replace. A flag and its
// value are one argument, --name=value.
func without(deployed, names, others []string) []string {
	left := map[string]bool{}
	for _, name := range names {
		left[name] = true
	}
	for _, flag := range others {
		left[flagName(flag)] = true
	}
	return slices.DeleteFunc(slices.Clone(deployed), func(one string) bool {
		return strings.HasPrefix(one, "-") && left[flagName(one)]
	})
}

// flagName returns the name of a flag without its dashes: programs take one or two.
func flagName(flag string) string {
	name, _, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
	return name
}
