package credential

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/pflag"
)

// None are the arguments of gke-gcloud-auth-plugin, which finds out everything else by itself
// (https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl).
func None(arguments []string) error {
	if len(arguments) > 0 {
		return fmt.Errorf("unexpected arguments %q", arguments)
	}
	return nil
}

// EKS are the arguments of `aws eks get-token` (https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html).
func EKS(arguments []string) error {
	return check(arguments, []string{"eks", "get-token"}, map[string]string{
		"cluster-name": "", "region": "", "output": "json",
	})
}

// AKSServer is the application ID of every AKS cluster's API server in Entra
// (https://azure.github.io/kubelogin/concepts/aks.html).
const AKSServer = "6dae42f8-4368-4678-94ff-3960e28e3630"

// AKS are the arguments of `kubelogin get-token` (https://azure.github.io/kubelogin/cli/get-token.html).
func AKS(arguments []string) error {
	return check(arguments, []string{"get-token"}, map[string]string{"login": "azurecli", "server-id": AKSServer})
}

// check compares arguments with a command and its flags. Each flag has to be given; one without a value here may have
// any, but not none.
func check(arguments, command []string, wanted map[string]string) error {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
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
