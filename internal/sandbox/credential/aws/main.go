// Command aws stands in for the program of this name in a kubeconfig of EKS.
package main

import "github.com/dreamseed/platform/internal/sandbox/credential"

func main() { credential.Main("aws", credential.EKS) }
