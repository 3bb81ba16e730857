// Package build builds the sandbox's programs from pinned Go modules.
//
// The versions stand in the go.mod files and nowhere else: what is built is what they require, and the version that a
// program reports is read from them. A program of a tools module is built again only when something changed that it is
// made from; its stamp, a file beside it, says from what it was built. The programs that come from this repository
// itself are handed to the Go command every time, which knows best whether they changed.
package build
