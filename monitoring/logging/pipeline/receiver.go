package pipeline

// fileLog reads files
// (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.165.0/receiver/filelogreceiver).
type fileLog struct {
	Include         []string `yaml:"include"`
	Exclude         []string `yaml:"exclude"`
	Compression     string   `yaml:"compression"`
	StartAt         string   `yaml:"start_at"`
	Storage         string   `yaml:"storage"`
	IncludeFileName bool     `yaml:"include_file_name"`
	IncludeFilePath bool     `yaml:"include_file_path"`
	// ForceFlushPeriod is how long the receiver waits for the end of a line before it passes on what there is of it.
	ForceFlushPeriod string     `yaml:"force_flush_period"`
	RetryOnFailure   retry      `yaml:"retry_on_failure"`
	Operators        []operator `yaml:"operators"`
}

// receiver reads the files of the services' containers from their beginning, and goes on where it stopped. A file is
// known by the beginning of its text, so that a rotated one is not read again under its new name, nor once more when
// the kubelet has compressed it: after a rest, a collector finds everything that the kubelet still has.
func (args Args) receiver() fileLog {
	files := PodLogs + "/" + args.Namespace + "_*/*/"
	return fileLog{
		Include:         []string{files + "*.log", files + "*.log.*"},
		Exclude:         []string{files + "*.tmp"}, // half of a file that is being compressed
		Compression:     "auto",
		StartAt:         "beginning",
		Storage:         state,
		IncludeFilePath: true,
		// Zero is without end. A runtime ends each line, on a disk that is slow later than half a second after its beginning.
		ForceFlushPeriod: "0s",
		RetryOnFailure:   withoutEnd,
		Operators:        operators(),
	}
}
