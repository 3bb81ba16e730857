// Command aws plays the part of the program with this name towards a kubeconfig of EKS.
package main

import "github.com/dreamseed/platform/internal/sandbox/credential"

func main() { credential.Main("aws", credential.EKS) }
