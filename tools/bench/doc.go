// Package bench pins what the platform is measured against.
package bench
