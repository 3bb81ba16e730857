package testbed

// Configuration is the config section of a stack's file.
type Configuration = map[string]any

// Tracked leaves the tracked configuration unchanged.
func Tracked(Configuration) {}

// Service returns the section of one service, which must exist.
func Service(c Configuration, name string) map[string]any {
	return c["dreamseed:services"].(map[string]any)[name].(map[string]any)
}
