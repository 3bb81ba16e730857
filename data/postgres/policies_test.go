package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/monitoring/scrape"
)

func policyArgs() postgres.PolicyArgs {
	return postgres.PolicyArgs{
		Services: args().Services, Operator: "cloudnative-pg", Monitoring: "dreamseed-monitoring",
		ObjectStore: []namespace.Peer{{Pods: namespace.Named("object-store"), TCP: []int{8333}}},
	}
}

// flow is one allowed connection: from whom in the namespace, in which direction, to or from whom.
type flow struct {
	direction namespace.Direction
	pods      string
	peer      string
	port      int
}

// who names a selection of pods, or an address.
func who(peer namespace.Peer) string {
	if peer.CIDR != "" {
		return peer.CIDR
	}
	return peer.Namespace + selection(peer.Pods)
}

func selection(pods namespace.Pods) string {
	text := ""
	for _, key := range []string{"cnpg.io/cluster", "app.kubernetes.io/component"} {
		if value := pods.Labels[key]; value != "" {
			text += "[" + value + "]"
		}
	}
	for _, name := range pods.Names {
		text += " " + name
	}
	return text
}

func flows(policies []namespace.Policy) []flow {
	var all []flow
	for _, one := range policies {
		directions := []namespace.Direction{one.Direction}
		if one.Direction == namespace.Both {
			directions = []namespace.Direction{namespace.Ingress, namespace.Egress}
		}
		for _, direction := range directions {
			for _, peer := range one.Peers {
				for _, port := range peer.TCP {
					all = append(all, flow{direction, selection(one.Pods), who(peer), port})
				}
			}
		}
	}
	return all
}

func TestOnlyWhoDeclaresADatabaseReachesIt(t *testing.T) {
	const (
		servers    = "[postgres]"
		workloads  = " ai-tutor-service user-service"
		migrations = "[migration] ai-tutor-service-migration user-service-migration"
		backups    = "[backup] ai-tutor-backup ai-tutor-restore user-backup user-restore"
		in, out    = namespace.Ingress, namespace.Egress
	)
	assert.ElementsMatch(t, []flow{
		{in, servers, servers, 5432}, {in, servers, servers, 8000},
		{out, servers, servers, 5432}, {out, servers, servers, 8000},
		{out, servers, "0.0.0.0/0", 443}, {out, servers, "0.0.0.0/0", 6443},
		{in, servers, "cloudnative-pg", 8000}, {in, servers, "dreamseed-monitoring", 9187},
		{in, servers, workloads, 5432}, {out, workloads, servers, 5432},
		{in, servers, migrations, 5432}, {out, migrations, servers, 5432},
		{in, servers, backups, 5432}, {out, backups, servers, 5432},
		{out, "[backup]", " object-store", 8333},
	}, flows(args().Spec.Policies(policyArgs())))
}

func TestWithoutBackupsNothingReachesTheObjectStore(t *testing.T) {
	spec := args().Spec
	spec.Backup = postgres.Backup{}
	for _, one := range flows(spec.Policies(policyArgs())) {
		assert.NotContains(t, one.pods+one.peer, "backup")
	}
}

func TestAManagedServerIsReachedByThoseWhoDeclareOne(t *testing.T) {
	of := policyArgs()
	of.Range, of.Identity = "10.26.0.0/20", []namespace.Peer{{CIDR: "169.254.169.254/32", TCP: []int{80}}}
	const provisioner = " postgres-provisioner"
	assert.ElementsMatch(t, []flow{
		{namespace.Egress, " ai-tutor-service user-service", "10.26.0.0/20", 5432},
		{namespace.Egress, "[migration] ai-tutor-service-migration user-service-migration", "10.26.0.0/20", 5432},
		{namespace.Egress, provisioner, "10.26.0.0/20", 5432},
		{namespace.Egress, provisioner, "169.254.169.254/32", 80}, {namespace.Egress, provisioner, "0.0.0.0/0", 443},
	}, flows(managedSpec().Policies(of)))
}

func TestAnExternalServerIsReachedByThoseWhoDeclareOne(t *testing.T) {
	assert.ElementsMatch(t, []flow{
		{namespace.Egress, " ai-tutor-service user-service", "10.20.0.5/32", 5432},
		{namespace.Egress, "[migration] ai-tutor-service-migration user-service-migration", "10.20.0.5/32", 5432},
	}, flows(external().Policies(policyArgs())))
}

func TestWithoutANeedNothingIsOpen(t *testing.T) {
	of := policyArgs()
	of.Services = of.Services[2:]
	assert.Empty(t, args().Spec.Policies(of))
	assert.Empty(t, external().Policies(of))
}

func TestTheInstancesAreScraped(t *testing.T) {
	assert.Equal(t, []scrape.Target{{
		Job: "postgres", Namespace: "dreamseed-test", Pods: postgres.Instances(), Port: 9187,
	}}, args().Spec.Targets("dreamseed-test"))
	assert.Empty(t, external().Targets("dreamseed-test"))
}
