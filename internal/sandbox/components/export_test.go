package components

import "github.com/dreamseed/platform/internal/sandbox/layout"

// LinkerFlags returns the linker flags of a component at its pinned version, and that version.
func LinkerFlags(l layout.Layout, c Component) (flags, version string, err error) {
	if version, err = (&builder{layout: l}).version(c); err != nil {
		return "", "", err
	}
	flags, err = c.linkerFlags(version)
	return flags, version, err
}
