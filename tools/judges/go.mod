// This module builds nothing. It pins what the full check needs of others: programs that derive the same as the platform,
// or run its workflows, and Argo CD, of which one file is read. Each is built from its own source, with the versions in
// its own go.mod. It is no part of tools/operators, because every operator is built anew when that go.mod changes.
module github.com/dreamseed/platform/tools/judges

go 1.26.8

require (
	github.com/argoproj/argo-cd/v3 v3.0.0
	github.com/nektos/act v0.2.89
	github.com/slok/sloth v0.16.0
)
