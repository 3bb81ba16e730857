package config

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

const prefix = invalid.ConfigNamespace + ":"

// given is a configuration as it was read.
type given struct {
	// values maps full keys to plain strings or, for lists and objects, JSON.
	values map[string]string
	// secretKeys are the full keys whose values are encrypted in the stack file: no message may show them.
	secretKeys []string
	// problems are the mistakes in the syntax of the stack file.
	problems invalid.Problems
}

// Load builds the configuration from the values that the Pulumi engine passes to a program: every key with its
// namespace, and its value as a plain string or, for lists and objects, as JSON. secretKeys are the full keys whose
// values are encrypted in the stack file: no message may show them.
//
// The error is an invalid.Problems with every mistake, not just the first one.
func Load(values map[string]string, secretKeys []string) (*Config, error) {
	return load(given{values: values, secretKeys: secretKeys})
}

func load(from given) (*Config, error) {
	problems := slices.Clone(from.problems)
	refuseForeign(from.values, &problems)
	config := decode(from.values, &problems)
	config.validateWhereDecoded(&problems)
	encrypted := ourKeys(from.secretKeys)
	config.validateEncrypted(encrypted, &problems)
	problems.Hide(encrypted)
	problems.HideBelow(secretValues)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return config, nil
}

// decode reads the services before the quotas, because the quotas default to the services' peak demand.
func decode(values map[string]string, problems *invalid.Problems) *Config {
	config := defaults()
	trees := parseAll(values, problems)
	environment, _ := trees["environment"].(string)
	config.Monitoring = defaultMonitoring(Environment(environment))
	config.Logs = defaultLogs(Environment(environment), trees["logs"])
	config.Data = defaultData(trees["data"])
	for _, key := range slices.Sorted(maps.Keys(trees)) {
		if key != "services" && key != "quotas" {
			overlay(key, map[string]any{key: trees[key]}, config, problems)
		}
	}
	config.defaultIngress()
	config.decodeServices(trees["services"], problems)
	config.readStores()
	config.Quotas.Services = config.Peak()
	if quotas, found := trees["quotas"]; found {
		overlay("quotas", quotas, &config.Quotas, problems)
	}
	config.closeEgress()
	return config
}

// parseAll parses the values into trees. It leaves out every key and value of a wrong shape, with a problem.
func parseAll(values map[string]string, problems *invalid.Problems) map[string]any {
	trees := map[string]any{}
	fields := fieldTypes(reflect.TypeFor[Config]())
	fields["services"] = reflect.TypeFor[map[string]any]()
	for _, key := range slices.Sorted(maps.Keys(values)) {
		name, ours := strings.CutPrefix(key, prefix)
		if !ours {
			continue
		}
		field, known := fields[name]
		if !known {
			problems.Add(name, values[key], "is not a known key; the keys are %s", list(fields))
			continue
		}
		tree := parse(values[key], field)
		before := len(*problems)
		checkShape(name, tree, field, problems)
		if len(*problems) == before {
			trees[name] = tree
		}
	}
	return trees
}

func (c *Config) decodeServices(given any, problems *invalid.Problems) {
	overrides, _ := given.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(overrides)) {
		if _, known := catalogue.Lookup(name); !known {
			problems.Add("services."+name, orNull(overrides[name]), "is not a service; the services are %s",
				strings.Join(catalogue.Names(), ", "))
		}
	}
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		service.LogLevel = c.inheritedLogLevel()
		service.Migration.DeadlineSeconds = max(1, c.RolloutDeadlineSeconds) // a value below 1 has its own problem
		if override, found := overrides[name]; found {
			decodeService(&service, override, problems)
		}
		c.Services = append(c.Services, service)
	}
}

// inheritedLogLevel never returns an unknown level, which would cause a complaint for each service that inherits it.
func (c *Config) inheritedLogLevel() catalogue.LogLevel {
	if c.LogLevel.Known() {
		return c.LogLevel
	}
	return defaults().LogLevel
}

func decodeService(service *catalogue.Service, override any, problems *invalid.Problems) {
	key, before := "services."+service.Name, len(*problems)
	checkShape(key, override, reflect.TypeFor[catalogue.Service](), problems)
	if len(*problems) == before {
		overlay(key, override, service, problems)
	}
}

// validateWhereDecoded adds the problems that validate finds, except in sections that failed to decode: there it would
// only report values as missing that the user did give.
func (c *Config) validateWhereDecoded(problems *invalid.Problems) {
	var found invalid.Problems
	c.validate(&found)
	addWhereDecoded(found, problems)
	if len(*problems) == 0 {
		c.validateRoom(problems)
	}
}

func addWhereDecoded(found invalid.Problems, problems *invalid.Problems) {
	broken := brokenSections(*problems)
	for _, problem := range found {
		if !slices.ContainsFunc(broken, func(section string) bool { return below(section, problem.Key) }) {
			*problems = append(*problems, problem)
		}
	}
}

// brokenSections returns the parts of the configuration that have a problem: services.<name>, or a top-level key. The
// quotas are checked against the services, so they are broken with them.
func brokenSections(problems invalid.Problems) []string {
	var sections []string
	for _, problem := range problems {
		if problem.Foreign {
			continue
		}
		section := problem.Section()
		if section == "services" {
			section = serviceSection(problem.Key)
			sections = append(sections, "quotas")
		}
		sections = append(sections, section)
	}
	return sections
}

// serviceSection shortens services.auth.resources.limits to services.auth.
func serviceSection(key string) string {
	parts := strings.SplitN(key, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

func below(section, key string) bool {
	rest, found := strings.CutPrefix(key, section)
	return found && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// parse parses a value as JSON, with numbers as they were written. A value that is not JSON stays a string, which the
// check of its shape then refuses.
func parse(value string, want reflect.Type) any {
	if want.Kind() == reflect.String || !json.Valid([]byte(value)) {
		return value
	}
	decoder := json.NewDecoder(strings.NewReader(value))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return value
	}
	return tree
}

// overlay decodes a tree into a value that holds the defaults.
func overlay(key string, tree, target any, problems *invalid.Problems) {
	encoded, err := json.Marshal(tree)
	if err == nil {
		err = json.Unmarshal(encoded, target)
	}
	if err != nil {
		problems.Add(key, tree, "does not decode: %v", err)
	}
}

// secretValues matches the keys below which a user may have written a secret in clear by mistake, including a misspelt
// `secrets`.
var secretValues = regexp.MustCompile(`^(services\.[^.]+|monitoring)\.[^.]*(?i:secret)`)

// ourKeys returns the keys in this project's namespace, without the prefix.
func ourKeys(keys []string) []string {
	var ours []string
	for _, key := range keys {
		if name, found := strings.CutPrefix(key, prefix); found {
			ours = append(ours, name)
		}
	}
	return ours
}
