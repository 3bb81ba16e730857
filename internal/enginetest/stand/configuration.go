package stand

// Configuration is the config section of a stack's file.
type Configuration = map[string]any

// Tracked leaves the configuration as it is tracked.
func Tracked(Configuration) {}

// Service is the section of one service, which must be there.
func Service(c Configuration, name string) map[string]any {
	return c["dreamseed:services"].(map[string]any)[name].(map[string]any)
}
