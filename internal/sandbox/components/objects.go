package components

import "fmt"

const (
	objectsModule = "tools/objects"
	seaweedModule = "github.com/seaweedfs/seaweedfs"
	// SeaweedFS is the file name of SeaweedFS's program.
	SeaweedFS = "weed"
)

// seaweedFS returns SeaweedFS, which the full check runs with what the program renders.
func seaweedFS() Component {
	return Component{
		Name: SeaweedFS, Module: objectsModule, Package: "./weed",
		Version: Requirement{objectsModule, seaweedModule},
		Source:  Source{Module: seaweedModule, Cuts: withoutDatabases(), Edits: withoutReplication()},
	}
}

// seaweedImport returns the line that imports one of SeaweedFS's packages for what it registers.
func seaweedImport(name string) string { return fmt.Sprintf("\t_ %q\n", seaweedModule+"/weed/"+name) }

// withoutDatabases keeps of the stores for the index of the objects the one that the platform uses, and removes what
// tells clouds of each change. They take a quarter of the packages, and no request to the store reaches one.
func withoutDatabases() []Cut {
	const commands, filer = "weed/command/imports.go", "weed/server/filer_server.go"
	used := func(name string) string { return fmt.Sprintf("\t%q\n", seaweedModule+"/weed/"+name) }
	return []Cut{
		{Path: commands, From: seaweedImport("remote_storage/azure"), Until: seaweedImport("filer/leveldb2")},
		{Path: commands, From: seaweedImport("filer/leveldb3"), Until: seaweedImport("credential/filer_etc")},
		{Path: filer, From: seaweedImport("filer/arangodb"), Until: seaweedImport("filer/leveldb2")},
		{Path: filer, From: seaweedImport("filer/leveldb3"), Until: used("filer/posixlock")},
		{Path: filer, From: seaweedImport("filer/postgres"), Until: used("glog")},
		{Path: filer, From: seaweedImport("notification/aws_sqs"), Until: used("security")},
	}
}

// withoutReplication removes the commands that copy to other stores, users that are kept in PostgreSQL, and the clouds'
// services for keys.
func withoutReplication() []Edit {
	const never = "//go:build never\n\npackage command\n"
	edits := []Edit{
		{"weed/command/filer_replication.go", "package command\n", never},
		{"weed/command/filer_backup.go", "package command\n", never},
		{"weed/command/command.go", "\tcmdFilerReplicate,\n", ""},
		{"weed/command/command.go", "\tcmdFilerBackup,\n", ""},
		{"weed/command/filer.go", seaweedImport("credential/postgres"), ""},
		{"weed/command/iam.go", seaweedImport("credential/postgres"), ""},
	}
	for _, service := range []string{"aws", "gcp", "openbao"} {
		edits = append(edits, Edit{"weed/s3api/auth_credentials.go", seaweedImport("kms/" + service), ""})
	}
	return edits
}
