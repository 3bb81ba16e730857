// Command kubelogin stands in for the program of this name in a kubeconfig of AKS.
package main

import "github.com/dreamseed/platform/internal/sandbox/credential"

func main() { credential.Main("kubelogin", credential.AKS) }
