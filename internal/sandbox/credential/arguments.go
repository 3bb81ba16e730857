package credential

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/pflag"
)

// GKE checks the arguments of gke-gcloud-auth-plugin. Without its one flag the plugin asks gcloud for a token, and
// fails if gcloud is missing or not signed in, as it is here
// (https://github.com/kubernetes/cloud-provider-gcp/blob/master/cmd/gke-gcloud-auth-plugin/cred.go).
func GKE(arguments []string) error {
	flags := silentFlags()
	applicationDefault := flags.Bool("use_application_default_credentials", false, "")
	if err := flags.Parse(arguments); err != nil {
		return fmt.Errorf("reading the arguments: %w", err)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected arguments %q", flags.Args())
	}
	if !*applicationDefault {
		return errors.New("failure while executing gcloud, with args [config config-helper --format=json]: " +
			"it is neither there nor signed in; --use_application_default_credentials needs no gcloud")
	}
	return nil
}

// EKS checks the arguments of `aws eks get-token`
// (https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html).
func EKS(arguments []string) error {
	return check(arguments, []string{"eks", "get-token"}, map[string]string{
		"cluster-name": "", "region": "", "output": "json",
	})
}

// AKSServer is the application ID of every AKS cluster's API server in Entra
// (https://azure.github.io/kubelogin/concepts/aks.html).
const AKSServer = "6dae42f8-4368-4678-94ff-3960e28e3630"

// AKS checks the arguments of `kubelogin get-token` (https://azure.github.io/kubelogin/cli/get-token.html).
func AKS(arguments []string) error {
	return check(arguments, []string{"get-token"}, map[string]string{"login": "azurecli", "server-id": AKSServer})
}

// check compares arguments with a command and its flags. Every flag is required. A flag without a value in wanted
// accepts any non-empty value.
func check(arguments, command []string, wanted map[string]string) error {
	flags := silentFlags()
	given := map[string]*string{}
	for name := range wanted {
		given[name] = flags.String(name, "", "")
	}
	if err := flags.Parse(arguments); err != nil {
		return fmt.Errorf("reading the arguments: %w", err)
	}
	var problems []error
	if !slices.Equal(flags.Args(), command) {
		problems = append(problems, fmt.Errorf("the command is %q, not %q", flags.Args(), command))
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		value := wanted[name]
		switch {
		case *given[name] == "":
			problems = append(problems, fmt.Errorf("--%s is missing", name))
		case value != "" && *given[name] != value:
			problems = append(problems, fmt.Errorf("--%s is %q, not %q", name, *given[name], value))
		}
	}
	return errors.Join(problems...)
}

// silentFlags returns a flag set that prints nothing: the caller reports the error.
func silentFlags() *pflag.FlagSet {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return flags
}
