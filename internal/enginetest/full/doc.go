// Package full holds the engine tests that need more than `make up` builds: the clouds' SDKs and stand-ins, and the
// operators that the stack local does not use. `make check` runs them, `make test` does not.
package full
