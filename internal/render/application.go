package render

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// Source is where Argo CD finds the folder.
type Source struct {
	// Repository is the URL of the Git repository, without a password: Argo CD knows that from elsewhere
	// (https://argo-cd.readthedocs.io/en/stable/user-guide/private-repositories).
	Repository string
	// Path is the folder in the repository.
	Path string
	// Revision is a branch, a tag or a commit.
	Revision string
}

// application is Argo CD's unit of deployment, with the fields that are used here
// (https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification).
type application struct {
	APIVersion string              `json:"apiVersion"`
	Kind       string              `json:"kind"`
	Metadata   applicationMetadata `json:"metadata"`
	Spec       applicationSpec     `json:"spec"`
}

type applicationMetadata struct {
	Name        string            `json:"name"`
	Namespace   string            `json:"namespace"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

type applicationSpec struct {
	Project     string      `json:"project"`
	Source      source      `json:"source"`
	Destination destination `json:"destination"`
	SyncPolicy  syncPolicy  `json:"syncPolicy"`
}

// source is a folder of a Git repository, or a chart of a Helm repository.
type source struct {
	RepoURL        string `json:"repoURL"`
	TargetRevision string `json:"targetRevision"`
	Path           string `json:"path,omitempty"`
	Chart          string `json:"chart,omitempty"`
	Helm           *helm  `json:"helm,omitempty"`
}

type helm struct {
	ReleaseName  string `json:"releaseName"`
	ValuesObject any    `json:"valuesObject,omitempty"`
}

type destination struct {
	Server    string `json:"server"`
	Namespace string `json:"namespace,omitempty"`
}

type syncPolicy struct {
	Automated   *automated `json:"automated,omitempty"`
	SyncOptions []string   `json:"syncOptions"`
	Retry       retry      `json:"retry"`
}

// automated has Argo CD sync by itself. It deletes nothing by itself.
type automated struct{}

type retry struct {
	Limit int `json:"limit"`
}

const (
	applicationKind    = "Application"
	applicationVersion = "argoproj.io/v1alpha1"
	// argoNamespace is the namespace in which Argo CD looks for Applications.
	argoNamespace = "argocd"
	// sameCluster is the cluster that Argo CD runs in.
	sameCluster = "https://kubernetes.default.svc"
	// retries bridge what is not ready at once, such as an operator's webhook.
	retries = 5
)

// environment returns the Application of a stack. A person starts each sync, and looks first at what the very first one
// takes over. It has no finalizer: deleting it deletes no object.
func environment(stack string, from Source) application {
	app := newApplication(applicationName(stack), source{
		RepoURL: from.Repository, TargetRevision: from.Revision, Path: from.Path,
	})
	// The comparison of `kubectl diff --server-side`: what the API server fills in is no difference.
	app.Metadata.Annotations = map[string]string{compareOptions: "ServerSideDiff=true"}
	// A ConfigMap stays until the pods that read it are gone.
	app.Spec.SyncPolicy.SyncOptions = append(app.Spec.SyncPolicy.SyncOptions, "ApplyOutOfSyncOnly=true", "PruneLast=true")
	return app
}

// releaseType is the type of a Helm release.
const releaseType = "kubernetes:helm.sh/v3:Release"

// applicationOf returns the Application that installs the chart of a Helm release, with its version, its name and its
// values. It syncs by itself: the environment's sync only creates it, and waits for it.
func applicationOf(stack string, release apitype.ResourceV3) object {
	in := release.Inputs
	app := newApplication(applicationName(stack)+"-"+text(in, "name"), source{
		RepoURL: text(in, "repositoryOpts", "repo"), Chart: text(in, "chart"), TargetRevision: text(in, "version"),
		Helm: &helm{ReleaseName: text(in, "name"), ValuesObject: in["values"]},
	})
	app.Spec.Destination.Namespace = text(in, "namespace")
	app.Spec.SyncPolicy.Automated = &automated{}
	return object{
		apiVersion: app.APIVersion, kind: app.Kind,
		namespace: app.Metadata.Namespace, name: app.Metadata.Name, content: app,
	}
}

// applicationName tells the environments of one Argo CD apart.
func applicationName(stack string) string { return "dreamseed-" + stack }

func newApplication(name string, from source) application {
	return application{
		APIVersion: applicationVersion, Kind: applicationKind,
		Metadata: applicationMetadata{Name: name, Namespace: argoNamespace},
		Spec: applicationSpec{
			Project: "default", Source: from, Destination: destination{Server: sameCluster},
			SyncPolicy: syncPolicy{SyncOptions: []string{"ServerSideApply=true"}, Retry: retry{Limit: retries}},
		},
	}
}
