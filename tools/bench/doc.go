// Package bench pins the programs with which the platform is compared.
package bench
