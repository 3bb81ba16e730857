// Command kubelogin plays the part of the program with this name towards a kubeconfig of AKS.
package main

import "github.com/dreamseed/platform/internal/sandbox/credential"

func main() { credential.Main("kubelogin", credential.AKS) }
