package scrape

import "fmt"

type storage struct {
	TSDB tsdb `yaml:"tsdb"`
}

type tsdb struct {
	Retention retention `yaml:"retention"`
}

// retention bounds the stored samples, by whichever of the two is reached first. Here it can be changed in a running
// Prometheus; the flags are deprecated.
type retention struct {
	Time string `yaml:"time"`
	Size string `yaml:"size"`
}

func (args Args) storage() storage {
	return storage{TSDB: tsdb{Retention: retention{
		Time: fmt.Sprintf("%dd", args.RetentionDays),
		Size: fmt.Sprintf("%dB", args.RetentionBytes),
	}}}
}

type remoteWrite struct {
	URL           string         `yaml:"url"`
	Authorization *authorization `yaml:"authorization,omitempty"`
}

// authorization sends the content of a file as a bearer token. Prometheus reads the file anew when it changes.
type authorization struct {
	CredentialsFile string `yaml:"credentials_file"`
}

func (args Args) remoteWrite() []remoteWrite {
	var all []remoteWrite
	for _, one := range args.RemoteWrite {
		store := remoteWrite{URL: one.URL}
		if one.CredentialsFile != "" {
			store.Authorization = &authorization{CredentialsFile: one.CredentialsFile}
		}
		all = append(all, store)
	}
	return all
}
