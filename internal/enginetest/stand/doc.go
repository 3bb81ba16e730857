// Package stand is what the engine tests work on: sandboxes of their own, which the tests of a package share. The tests
// of one stand follow each other in any order, the stands work beside each other. Two packages follow each other.
//
// kwok makes every pod ready, so readiness proves nothing here: a test of failure or order makes the simulation fail
// on purpose, and a test of a change looks at which objects the API server saw change.
package stand
