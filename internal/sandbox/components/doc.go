// Package components builds the sandbox's programs from pinned Go modules.
//
// The go.mod files are the only place for versions: each program is built from their requirements, and the version that
// it reports is read from them. A program of a tools module is rebuilt only if one of its inputs changed; its stamp, a
// file next to it, records them. The programs of this repository are rebuilt if a source of it changed.
package components
