package pipeline

// fileLog reads files
// (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.165.0/receiver/filelogreceiver).
type fileLog struct {
	Include         []string   `yaml:"include"`
	Exclude         []string   `yaml:"exclude"`
	StartAt         string     `yaml:"start_at"`
	Storage         string     `yaml:"storage"`
	IncludeFileName bool       `yaml:"include_file_name"`
	IncludeFilePath bool       `yaml:"include_file_path"`
	RetryOnFailure  retry      `yaml:"retry_on_failure"`
	Operators       []operator `yaml:"operators"`
}

// receiver reads the files of the services' containers from their beginning, and goes on where it stopped. A file is
// known by its first bytes, so that a rotated one is not read again under its new name. The file that the kubelet
// renamed last is among them: its end may not have been read yet. Older ones are compressed, and were read long ago.
func (args Args) receiver() fileLog {
	files := PodLogs + "/" + args.Namespace + "_*/*/"
	return fileLog{
		Include:         []string{files + "*.log", files + "*.log.*"},
		Exclude:         []string{files + "*.gz", files + "*.tmp"},
		StartAt:         "beginning",
		Storage:         state,
		IncludeFilePath: true,
		RetryOnFailure:  withoutEnd,
		Operators:       operators(),
	}
}
