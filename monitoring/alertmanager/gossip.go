package alertmanager

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/replica"
)

// GossipPort is the port at which replicas talk to each other, over TCP and UDP. With one of the two closed, both
// replicas send every notification (https://github.com/prometheus/alertmanager#high-availability).
const GossipPort = 9094

// addressVariable is the environment variable with the pod's own address.
const addressVariable = "POD_IP"

// gossip returns the arguments with which a replica finds the others. A single one is no cluster: it would wait for the
// others after each start before it sends anything.
func gossip(program *replica.Program, letters []string, own string) []string {
	if len(letters) == 1 {
		return []string{"--cluster.listen-address="}
	}
	arguments := []string{
		fmt.Sprintf("--cluster.listen-address=0.0.0.0:%d", GossipPort),
		// By default Alertmanager advertises a private address, and without one it does not start: not every network of pods
		// is private (https://github.com/prometheus/alertmanager/blob/v0.35.0/cluster/advertise.go).
		fmt.Sprintf("--cluster.advertise-address=$(%s):%d", addressVariable, GossipPort),
	}
	for _, letter := range letters {
		if letter != own {
			arguments = append(arguments,
				fmt.Sprintf("--cluster.peer=%s:%d", program.Host(Name+"-"+letter), GossipPort))
		}
	}
	return arguments
}

// gossipPorts returns the ports that are open between replicas: none for a single one.
func gossipPorts(letters []string) []replica.Port {
	if len(letters) == 1 {
		return nil
	}
	return []replica.Port{
		{Name: "gossip-tcp", Number: GossipPort, Protocol: "TCP"},
		{Name: "gossip-udp", Number: GossipPort, Protocol: "UDP"},
	}
}

// address tells the container the pod's own address
// (https://kubernetes.io/docs/concepts/workloads/pods/downward-api). The reference is atomic: without the version that
// the API server would fill in, another client that applies the same manifest is in conflict.
func address() corev1.EnvVarArray {
	return corev1.EnvVarArray{&corev1.EnvVarArgs{
		Name: pulumi.String(addressVariable),
		ValueFrom: &corev1.EnvVarSourceArgs{FieldRef: &corev1.ObjectFieldSelectorArgs{
			ApiVersion: pulumi.String("v1"), FieldPath: pulumi.String("status.podIP"),
		}},
	}}
}
