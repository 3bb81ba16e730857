package live

import (
	"context"
	"fmt"
	"strings"
)

// AbortedRelease is a release that Argo Rollouts has aborted.
type AbortedRelease struct {
	Namespace, Workload string
	// Images are those of its pod template.
	Images []string
}

// AbortedReleases lists the aborted releases. The API server has to serve the kinds of Argo Rollouts.
func AbortedReleases(ctx context.Context, reader Reader) ([]AbortedRelease, error) {
	all, err := list[listed](ctx, reader, rolloutsPath+ofThePlatform)
	if err != nil {
		return nil, fmt.Errorf("listing the Rollouts: %w", err)
	}
	var aborted []AbortedRelease
	for _, one := range all {
		if !one.Status.Abort {
			continue
		}
		release := AbortedRelease{Namespace: one.Metadata.Namespace, Workload: one.Metadata.Name}
		for _, container := range one.Spec.Template.Spec.Containers {
			release.Images = append(release.Images, container.Image)
		}
		aborted = append(aborted, release)
	}
	return aborted, nil
}

// Releases reports whether the release has an image of the configuration, which may omit the registry.
func (r AbortedRelease) Releases(image string) bool {
	for _, one := range r.Images {
		if one == image || strings.HasSuffix(one, "/"+image) {
			return true
		}
	}
	return false
}
