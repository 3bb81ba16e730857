package eks

import (
	"encoding/base64"
	"fmt"

	"github.com/dreamseed/platform/cluster"
)

// nodeConfig sets the maximum number of pods of a node. The default counts addresses as if each pod took one of its
// own, and not a sixteenth of a prefix (https://awslabs.github.io/amazon-eks-ami/nodeadm).
const nodeConfig = `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="node"

--node
Content-Type: application/node.eks.aws

apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  kubelet:
    config:
      maxPods: %d

--node--
`

func userData() string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, nodeConfig, cluster.MaxPodsPerNode))
}
