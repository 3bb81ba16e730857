package versions

import (
	"strings"

	"github.com/dreamseed/platform/data/objects"
	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/data/redis"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/stackfile"
	"github.com/dreamseed/platform/monitoring/alertmanager"
	"github.com/dreamseed/platform/monitoring/exporter"
	"github.com/dreamseed/platform/monitoring/grafana"
	"github.com/dreamseed/platform/monitoring/prometheus"
)

// stacks returns the images and the version of Kubernetes of each stack.
func stacks(project string) ([]Pin, error) {
	var pins []Pin
	for _, stack := range config.Stacks(project) {
		cfg, err := config.FromStackFile(project, stack)
		if err != nil {
			return nil, &stackfile.ContentError{Err: err}
		}
		file := stackfile.Name(stack)
		if cfg.Cluster.KubernetesVersion != "" { // an existing cluster decides for itself
			pins = append(pins, Pin{Kind: Kubernetes, Name: "Kubernetes of " + cfg.Cluster.Name,
				Version: cfg.Cluster.KubernetesVersion, Where: file + " cluster.kubernetesVersion"})
		}
		for _, service := range cfg.Services {
			pins = append(pins, image(service.Image, file+" services."+service.Name+".image"))
		}
	}
	return pins, nil
}

// platformImages returns the images that the program itself pins.
func platformImages(string) ([]Pin, error) {
	return []Pin{
		image(prometheus.Image, "monitoring/prometheus"),
		image(alertmanager.Image, "monitoring/alertmanager"),
		image(grafana.Image, "monitoring/grafana"),
		image(exporter.KubeStateMetricsImage, "monitoring/exporter"),
		image(exporter.NodeExporterImage, "monitoring/exporter"),
		image(postgres.Image, "data/postgres"),
		image(postgres.RcloneImage, "data/postgres"),
		image(redis.Image, "data/redis"),
		image(redis.ExporterImage, "data/redis"),
		image(objects.Image, "data/objects"),
	}, nil
}

// image divides an image into its name and what is behind it: the digest, or else the tag.
func image(reference, where string) Pin {
	pin := Pin{Kind: Image, Name: reference, Where: where}
	if name, digest, pinned := strings.Cut(reference, "@"); pinned {
		pin.Name, pin.Version = name, digest
		return pin
	}
	if tag := strings.LastIndex(reference, ":"); tag > strings.LastIndex(reference, "/") {
		pin.Name, pin.Version = reference[:tag], reference[tag+1:]
	}
	return pin
}
