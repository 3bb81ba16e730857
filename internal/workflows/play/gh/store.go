package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// object is a pull request, a comment or an issue, as the API shows it.
type object = map[string]any

// collection is a file with objects of one sort, in the order in which they came.
type collection struct{ path string }

func inCollection(name string) collection {
	return collection{filepath.Join(os.Getenv("PLAY_GITHUB"), name+".json")}
}

func (c collection) all() ([]object, error) {
	content, err := os.ReadFile(c.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var found []object
	err = json.Unmarshal(content, &found)
	return found, err
}

func (c collection) save(all []object) error {
	content, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(c.path, content, 0o600)
}

// add gives the object the next number, and the user that a workflow's token is.
func (c collection) add(key string, fields object) (object, error) {
	all, err := c.all()
	if err != nil {
		return nil, err
	}
	fields[key] = len(all) + 1
	fields["user"] = object{"login": "github-actions[bot]", "type": "Bot"}
	if _, set := fields["state"]; !set {
		fields["state"] = "open"
	}
	return fields, c.save(append(all, fields))
}

// update changes the fields of an object, and returns nil if there is none of this number.
func (c collection) update(key, number string, fields object) (object, error) {
	all, err := c.all()
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(one object) bool {
		is, _ := one[key].(float64) // as every number in JSON
		return strconv.Itoa(int(is)) == number
	})
	if at < 0 {
		return nil, nil
	}
	for name, value := range fields {
		all[at][name] = value
	}
	return all[at], c.save(all)
}
