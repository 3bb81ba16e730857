// Command gke-gcloud-auth-plugin stands in for the program of this name in a kubeconfig of GKE.
package main

import "github.com/dreamseed/platform/internal/sandbox/credential"

func main() { credential.Main("gke-gcloud-auth-plugin", credential.GKE) }
