package catalogue

import "slices"

// LogLevel is the lowest severity that a service logs.
type LogLevel string

// LogLevels returns the allowed values, those of the services' logging library, from the most to the least verbose.
func LogLevels() []LogLevel { return []LogLevel{"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"} }

// Known reports whether the level is one of LogLevels.
func (l LogLevel) Known() bool { return slices.Contains(LogLevels(), l) }
