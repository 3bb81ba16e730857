// This module builds nothing. It pins SeaweedFS, which keeps the objects: the full check runs it with what the program
// renders. It is built from its own source, with the versions in its own go.mod.
module github.com/dreamseed/platform/tools/objects

go 1.26.8

require github.com/seaweedfs/seaweedfs v0.0.0-20261109003541-7506e5f91cd6
