package config

import "github.com/dreamseed/platform/internal/operator"

// Operators are the operators that the stack uses, sorted.
func (c *Config) Operators() []operator.Name { return nil }
