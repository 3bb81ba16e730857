package credential

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheArgumentsAreThoseOfTheKubeconfig(t *testing.T) {
	for reason, c := range map[string]struct {
		check     func([]string) error
		arguments string
	}{
		"GKE":                   {GKE, "--use_application_default_credentials"},
		"EKS":                   {EKS, "eks get-token --cluster-name one --region eu-west-1 --output json"},
		"EKS, in another order": {EKS, "--region eu-west-1 eks get-token --output=json --cluster-name=one"},
		"AKS":                   {AKS, "get-token --login azurecli --server-id 6dae42f8-4368-4678-94ff-3960e28e3630"},
	} {
		t.Run(reason, func(t *testing.T) { assert.NoError(t, c.check(strings.Fields(c.arguments))) })
	}
}

func TestOtherArgumentsAreRefused(t *testing.T) {
	const server = "--server-id 6dae42f8-4368-4678-94ff-3960e28e3630"
	for reason, c := range map[string]struct {
		check     func([]string) error
		arguments string
		want      []string
	}{
		"GKE without arguments, which asks a gcloud that is not there": {
			GKE, "", []string{"failure while executing gcloud", "--use_application_default_credentials"},
		},
		"GKE that asks gcloud in as many words": {
			GKE, "--use_application_default_credentials=false", []string{"failure while executing gcloud"},
		},
		"GKE with a flag that the plugin does not have": {
			GKE, "--use_application_default_credentials --login azurecli", []string{"unknown flag: --login"},
		},
		"GKE with a command": {
			GKE, "get-token --use_application_default_credentials", []string{`unexpected arguments ["get-token"]`},
		},
		"EKS without arguments": {
			EKS, "", []string{
				`the command is [], not ["eks" "get-token"]`,
				"--cluster-name is missing", "--output is missing", "--region is missing",
			},
		},
		"EKS of no cluster": {
			EKS, "eks get-token --cluster-name= --region eu-west-1 --output json", []string{"--cluster-name is missing"},
		},
		"EKS in another format": {
			EKS, "eks get-token --cluster-name one --region eu-west-1 --output text", []string{`--output is "text", not "json"`},
		},
		"EKS with another command": {
			EKS, "eks describe-cluster --cluster-name one --region eu-west-1 --output json",
			[]string{`the command is ["eks" "describe-cluster"]`},
		},
		"EKS with another argument": {
			EKS, "eks get-token --cluster-name one --region eu-west-1 --output json --role-arn x", []string{"role-arn"},
		},
		"AKS with a static credential": {
			AKS, "get-token --login spn " + server, []string{`--login is "spn", not "azurecli"`},
		},
		"AKS with another server application": {
			AKS, "get-token --login azurecli --server-id x", []string{`--server-id is "x", not "6dae42f8-`},
		},
		"AKS with another command": {AKS, "convert-kubeconfig --login azurecli " + server, []string{"convert-kubeconfig"}},
	} {
		t.Run(reason, func(t *testing.T) {
			err := c.check(strings.Fields(c.arguments))
			for _, want := range c.want {
				assert.ErrorContains(t, err, want)
			}
		})
	}
}
