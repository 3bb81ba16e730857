package eks

import (
	"encoding/base64"
	"fmt"

	"github.com/dreamseed/platform/cluster"
)

// nodeConfig tells a node how many pods it may run: left alone, it counts addresses as if each took one of its own,
// and not a sixteenth of a prefix (https://awslabs.github.io/amazon-eks-ami/nodeadm).
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
