package scrape

type alerting struct {
	AlertRelabelConfigs []relabelling   `yaml:"alert_relabel_configs"`
	Alertmanagers       []alertmanagers `yaml:"alertmanagers,omitempty"`
}

type alertmanagers struct {
	StaticConfigs []staticConfig `yaml:"static_configs"`
}

type staticConfig struct {
	Targets []string `yaml:"targets"`
}

// alerting sends each alert to every Alertmanager; they agree among themselves on one that notifies. Two replicas of
// Prometheus send the same alert only without the label that tells them apart
// (https://github.com/prometheus/alertmanager/issues/2210).
func (args Args) alerting() alerting {
	all := alerting{AlertRelabelConfigs: []relabelling{{Action: "labeldrop", Regex: labelReplica}}}
	if len(args.Alertmanagers) > 0 {
		all.Alertmanagers = []alertmanagers{{StaticConfigs: []staticConfig{{Targets: args.Alertmanagers}}}}
	}
	return all
}
