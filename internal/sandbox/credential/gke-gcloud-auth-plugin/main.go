// Command gke-gcloud-auth-plugin plays the part of the program with this name towards a kubeconfig of GKE.
package main

import "github.com/dreamseed/platform/internal/sandbox/credential"

func main() { credential.Main("gke-gcloud-auth-plugin", credential.GKE) }
