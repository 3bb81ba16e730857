// Package credential stands in for the clouds' credential plugins: it returns the sandbox administrator's certificate,
// for the sandbox's own API server only.
package credential

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

// Main is the main function of a plugin. check validates the arguments.
func Main(name string, check func(arguments []string) error) {
	if err := run(os.Args[1:], os.Stdout, check); err != nil {
		fmt.Fprintf(os.Stderr, "%s (the sandbox's stand-in): %v\n", name, err)
		os.Exit(1)
	}
}

func run(arguments []string, stdout io.Writer, check func([]string) error) error {
	if err := check(arguments); err != nil {
		return err
	}
	administrator, err := ReadAdministrator()
	if err != nil {
		return err
	}
	if err := administrator.checkServer(); err != nil {
		return err
	}
	issued, err := administrator.issue(time.Now())
	if err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(issued)
}

// execCredential is the document that a client and a plugin exchange
// (https://kubernetes.io/docs/reference/config-api/client-authentication.v1beta1).
type execCredential struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Spec       struct {
		Cluster struct {
			Server string `json:"server"`
		} `json:"cluster"`
	} `json:"spec,omitzero"`
	Status status `json:"status"`
}

type status struct {
	ExpirationTimestamp   string `json:"expirationTimestamp"`
	ClientCertificateData string `json:"clientCertificateData"`
	ClientKeyData         string `json:"clientKeyData"`
}

const (
	// infoVariable is the variable in which a client passes its target cluster to a plugin.
	infoVariable = "KUBERNETES_EXEC_INFO"

	version = "client.authentication.k8s.io/v1beta1"
	kind    = "ExecCredential"

	// lifetime is the validity of a credential: that of an EKS token, the shortest of the clouds
	// (https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html).
	lifetime = 15 * time.Minute
)

// checkServer refuses the credential for any server other than the sandbox's own.
func (a Administrator) checkServer() error {
	var info execCredential
	if err := json.Unmarshal([]byte(os.Getenv(infoVariable)), &info); err != nil {
		return fmt.Errorf("reading %s: %w", infoVariable, err)
	}
	if info.APIVersion != version {
		return fmt.Errorf("reading %s: it is of version %q, not %q", infoVariable, info.APIVersion, version)
	}
	switch server := info.Spec.Cluster.Server; server {
	case a.Server:
		return nil
	case "":
		return fmt.Errorf("reading %s: it names no server: the kubeconfig must say provideClusterInfo", infoVariable)
	default:
		return fmt.Errorf("the credential is for %s, not for %s", a.Server, server)
	}
}

func (a Administrator) issue(now time.Time) (execCredential, error) {
	certificate, err := base64.StdEncoding.DecodeString(a.Certificate)
	if err != nil {
		return execCredential{}, fmt.Errorf("reading the administrator's certificate: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(a.Key)
	if err != nil {
		return execCredential{}, fmt.Errorf("reading the administrator's key: %w", err)
	}
	return execCredential{APIVersion: version, Kind: kind, Status: status{
		ExpirationTimestamp:   now.Add(lifetime).UTC().Format(time.RFC3339),
		ClientCertificateData: string(certificate),
		ClientKeyData:         string(key),
	}}, nil
}
