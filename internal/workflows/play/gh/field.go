package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// typed reads the values of --field as gh does: true, false, numbers, @file, and text
// (https://cli.github.com/manual/gh_api).
func typed(fields []string) (map[string]any, error) {
	values := map[string]any{}
	for _, field := range fields {
		key, text, found := strings.Cut(field, "=")
		if !found {
			return nil, fmt.Errorf("field %q has no value", field)
		}
		value, err := valueOf(text)
		if err != nil {
			return nil, err
		}
		values[key] = value
	}
	return values, nil
}

func valueOf(text string) (any, error) {
	if path, is := strings.CutPrefix(text, "@"); is {
		content, err := os.ReadFile(path)
		return string(content), err
	}
	if text == "true" || text == "false" {
		return text == "true", nil
	}
	if number, err := strconv.Atoi(text); err == nil {
		return number, nil
	}
	return text, nil
}
