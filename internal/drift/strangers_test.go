package drift

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// beside returns what is found beside a program with one Deployment.
func beside(t *testing.T, others ...map[string]any) []string {
	t.Helper()
	made := objectsOf(t, namespaceShop+"\n---\n"+deployment)
	live := &cluster{objects: append([]map[string]any{
		alive(made[0], untouched, ours()), alive(made[1], untouched, ours()),
	}, others...)}
	return found(look(t, made, live))
}

// madeFor writes an ownerReference, as anybody may.
func madeFor(deployment string) func(map[string]any) {
	return func(o map[string]any) {
		o["metadata"].(map[string]any)["ownerReferences"] = []any{
			map[string]any{
				"apiVersion": "apps/v1", "kind": "Deployment", "name": deployment, "uid": "Deployment-" + deployment,
			},
		}
	}
}

const binding = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: cluster-admin
  labels: {kubernetes.io/bootstrapping: rbac-defaults}
roleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}
subjects: [{kind: Group, name: "system:masters", apiGroup: rbac.authorization.k8s.io}]`

func TestWhatBelongsToSomebodyIsNoFinding(t *testing.T) {
	replicas := `{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: payment-1, namespace: shop}}`
	account := `{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: shop}}`
	elsewhere := `{apiVersion: v1, kind: ConfigMap, metadata: {name: theirs, namespace: elsewhere}}`
	byController := owned("kube-controller-manager", "Update", of("f:spec"))
	byKubectl := owned("kubectl-create", "Update", of("f:spec"))
	mallory := func(o map[string]any) {
		o["subjects"] = append(o["subjects"].([]any), map[string]any{"kind": "User", "name": "mallory"})
	}
	const record = `{apiVersion: v1, kind: ConfigMap,
        metadata: {name: sh.helm.release.v1.traefik.v1, namespace: shop, labels: {owner: helm}}}`
	cases := map[string]struct {
		object string
		change func(map[string]any)
		owners []map[string]any
		want   []string
		reason string
	}{
		"a ReplicaSet of a Deployment": {replicas, madeFor("payment"), []map[string]any{byController},
			[]string{}, "its controller made it"},
		"a ReplicaSet with a forged owner": {replicas, madeFor("payment"), []map[string]any{byKubectl},
			[]string{"suspicious unmanaged ReplicaSet.apps shop/payment-1 kubectl-create"}, "no controller wrote it"},
		"rights with a forged owner": {
			`{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: evil, namespace: shop}}`,
			madeFor("payment"), []map[string]any{byController},
			[]string{"dangerous unmanaged RoleBinding.rbac.authorization.k8s.io shop/evil kube-controller-manager"},
			"no controller makes rights for a Deployment"},
		"a default binding": {binding, untouched,
			[]map[string]any{owned("kube-apiserver", "Update", fields{"f:subjects": fields{}})}, []string{},
			"Kubernetes made it"},
		"a default binding with a further subject": {binding, mallory,
			[]map[string]any{owned("kubectl-patch", "Update", fields{"f:subjects": fields{}}),
				owned("kube-apiserver", "Update", fields{"f:roleRef": fields{}})},
			[]string{"dangerous added ClusterRoleBinding.rbac.authorization.k8s.io cluster-admin .subjects kubectl-patch"},
			"somebody wrote it"},
		"a default binding with a subject under a forged name": {binding, mallory,
			[]map[string]any{owned("kube-apiserver", "Update", fields{"f:subjects": fields{}})},
			[]string{"dangerous added ClusterRoleBinding.rbac.authorization.k8s.io cluster-admin .subjects kube-apiserver"},
			"Kubernetes binds no such user"},
		"a default binding that was corrected by hand": {binding, untouched,
			[]map[string]any{owned("kubectl-patch", "Update", fields{"f:subjects": fields{}}),
				owned("kube-apiserver", "Update", fields{"f:roleRef": fields{}})}, []string{}, "it is what it was"},
		"the default account": {account, untouched, nil, []string{}, "the cluster makes it, and says nothing of it"},
		"the default account with an identity": {account, func(o map[string]any) {
			o["metadata"].(map[string]any)["annotations"] = map[string]any{"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/a"}
		}, nil, []string{
			"dangerous added ServiceAccount shop/default .metadata.annotations.eks.amazonaws.com/role-arn",
		}, "the API server keeps no account of who wrote it"},
		"an object of another namespace": {elsewhere, untouched, []map[string]any{byKubectl}, []string{},
			"it is not the platform's"},
		"a load balancer": {
			`{apiVersion: v1, kind: Service, metadata: {name: open, namespace: shop}, spec: {type: LoadBalancer}}`,
			untouched, []map[string]any{byKubectl}, []string{"dangerous unmanaged Service shop/open kubectl-create"},
			"what is in it makes it worse"},
		"Helm's record of a release": {record, untouched,
			[]map[string]any{owned("pulumi-resource-kubernetes", "Update", of("f:data"))}, []string{},
			"the provider runs Helm"},
		"a record by somebody else": {record, untouched, []map[string]any{byKubectl},
			[]string{"suspicious unmanaged ConfigMap shop/sh.helm.release.v1.traefik.v1 kubectl-create"},
			"the next upgrade would begin from it"},
		"a Service": {`{apiVersion: v1, kind: Service, metadata: {name: more, namespace: shop}, spec: {type: ClusterIP}}`,
			untouched, []map[string]any{byKubectl}, []string{"suspicious unmanaged Service shop/more kubectl-create"},
			"the control"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			object := alive(objectsOf(t, tt.object)[0], tt.change, tt.owners...)
			assert.Equal(t, tt.want, beside(t, object), tt.reason)
		})
	}
}

func TestWhatAControllerMadeOfAStrangerGoesWithIt(t *testing.T) {
	stranger := alive(objectsOf(t,
		`{apiVersion: apps/v1, kind: Deployment, metadata: {name: evil, namespace: shop}}`)[0],
		untouched, owned("kubectl-create", "Update", of("f:spec")))
	part := alive(objectsOf(t, `{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: evil-1, namespace: shop}}`)[0],
		madeFor("evil"), owned("kube-controller-manager", "Update", of("f:spec")))

	assert.Equal(t, []string{"suspicious unmanaged Deployment.apps shop/evil kubectl-create"}, beside(t, stranger, part))
}

func TestAnObjectOfAHelmReleaseIsTheProviderListsIt(t *testing.T) {
	made := objectsOf(t, namespaceShop)
	state := stateOf(made...)
	release := state.Resources[0]
	release.URN = "urn:pulumi:shop::dreamseed::kubernetes:helm.sh/v3:Release::traefik"
	release.Type = helmRelease
	release.Outputs = map[string]any{"name": "traefik", "namespace": "traefik", "resourceNames": map[string]any{
		"ClusterRoleBinding.rbac.authorization.k8s.io/rbac.authorization.k8s.io/v1": []any{"traefik"},
		"Service/v1": []any{"traefik/traefik"},
	}}
	state.Resources = append(state.Resources, release)
	ofHelm := func(name string) map[string]any {
		return alive(objectsOf(t, `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding,
            metadata: {name: `+name+`,
            labels: {app.kubernetes.io/managed-by: Helm}, annotations: {meta.helm.sh/release-name: traefik}}}`)[0],
			untouched, owned("pulumi-resource-kubernetes", "Update", of("f:subjects")))
	}
	live := &cluster{objects: []map[string]any{alive(made[0], untouched, ours()), ofHelm("traefik"), ofHelm("traefik-2")}}

	report, err := Look(t.Context(), Sources{
		Stack: "shop", State: state, Cluster: live, Refreshed: everythingRefreshed(state),
	})

	require.NoError(t, err)
	assert.Equal(t, []string{
		"dangerous unmanaged ClusterRoleBinding.rbac.authorization.k8s.io traefik-2 pulumi-resource-kubernetes",
	}, found(report), "its labels alone prove nothing")
}

const databases = `
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: postgres, namespace: shop}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: backup, namespace: shop}`

func TestWhatTheOperatorsOfDataStoresMakeIsNoFinding(t *testing.T) {
	const account = `{apiVersion: v1, kind: ServiceAccount, metadata: {name: postgres, namespace: shop,
		ownerReferences: [{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, name: postgres, uid: Cluster-postgres}]}}`
	const run = `{apiVersion: batch/v1, kind: Job, metadata: {name: backup-1, namespace: shop,
		ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: backup, uid: CronJob-backup}]}}`
	const claim = `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data-0-kafka-nodes-0, namespace: shop,
		labels: {strimzi.io/cluster: kafka}}}`
	const queries = `{apiVersion: v1, kind: ConfigMap, metadata: {name: cnpg-default-monitoring, namespace: shop}}`
	const signs = `{apiVersion: v1, kind: Secret, metadata: {name: cnpg-ca-secret, namespace: shop}}`
	cases := map[string]struct {
		object, by string
		want       []string
	}{
		"of PostgreSQL":                  {account, "manager", []string{}},
		"of PostgreSQL, in the sandbox":  {account, "cloudnative-pg", []string{}},
		"of PostgreSQL, by somebody":     {account, "kubectl", []string{"ServiceAccount shop/postgres"}},
		"the queries of its metrics":     {queries, "manager", []string{}},
		"the queries by somebody":        {queries, "kubectl", []string{"ConfigMap shop/cnpg-default-monitoring"}},
		"what its webhooks sign with":    {signs, "manager", []string{}},
		"a claim of Kafka":               {claim, "strimzi-cluster-operator", []string{}},
		"a claim of Kafka, by somebody":  {claim, "kubectl", []string{"PersistentVolumeClaim shop/data-0-kafka-nodes-0"}},
		"a backup at its time":           {run, "kube-controller-manager", []string{}},
		"a backup that a person ordered": {run, "dreamseed", []string{}},
		"a task by somebody":             {run, "kubectl-create", []string{"Job.batch shop/backup-1"}},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			made := objectsOf(t, namespaceShop+"\n---"+databases)
			live := &cluster{objects: []map[string]any{
				alive(made[0], untouched, ours()), alive(made[1], untouched, ours()), alive(made[2], untouched, ours()),
				alive(objectsOf(t, tt.object)[0], untouched, owned(tt.by, "Update", of("f:spec"))),
			}}
			want := []string{}
			for _, one := range tt.want {
				want = append(want, "suspicious unmanaged "+one+" "+tt.by)
			}
			assert.Equal(t, want, found(look(t, made, live)))
		})
	}
}
