package release

import (
	"errors"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/invalid"
)

// Placeholder is the digest of the empty JSON object, which stands for a service that was never released
// (https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor).
const Placeholder = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

// wellFormed matches a digest
// (https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#sha-256).
var wellFormed = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// CheckDigest returns a RefusedError unless a digest, which may have a repository before it, can be released.
func CheckDigest(given string) error {
	digest := given[strings.Index(given, "@")+1:]
	if !wellFormed.MatchString(digest) {
		return refused("the digest is %q: it must be sha256: and 64 hexadecimal digits in lower case; the repository of "+
			"the service and @ may stand before it", digest)
	}
	if digest == Placeholder {
		return refused("the digest is that of the empty JSON object, which no registry runs")
	}
	return nil
}

// Next returns the image that a service gets: a digest in the repository of the current image. The digest may have the
// repository before it. The error is a RefusedError with every mistake.
func Next(current, given string) (string, error) {
	repository, mistakes := Repository(current), CheckDigest(given)
	before, digest, named := strings.Cut(given, "@")
	if !named {
		before, digest = repository, given
	}
	if before != repository {
		mistakes = errors.Join(mistakes, refused("the repository is %q: it must be %s, where the service's images are",
			before, repository))
	}
	if mistakes == nil && digest == Digest(current) {
		mistakes = refused("the service has the digest %s already", digest)
	}
	return repository + "@" + digest, mistakes
}

// Repository returns an image without its tag and digest.
func Repository(image string) string {
	named, _, _ := strings.Cut(image, "@")
	if tag := strings.LastIndex(named, ":"); tag > strings.LastIndex(named, "/") {
		return named[:tag]
	}
	return named
}

// Digest returns the digest of an image, or the whole image if it has none, which only a local environment allows.
func Digest(image string) string {
	if _, digest, pinned := strings.Cut(image, "@"); pinned {
		return digest
	}
	return image
}

// imageIn returns the image of a service in a stack's file, or "" if it has none or cannot be read. The rest of the
// file may be as another version of the program had it.
func imageIn(content []byte, service string) string {
	var file struct {
		Config map[string]yaml.Node `yaml:"config"`
	}
	if yaml.Unmarshal(content, &file) != nil {
		return ""
	}
	for _, key := range []string{invalid.ConfigNamespace + ":services", "services"} {
		node, found := file.Config[key]
		if !found {
			continue
		}
		var services map[string]struct {
			Image string `yaml:"image"`
		}
		if node.Decode(&services) == nil {
			return services[service].Image
		}
	}
	return ""
}
