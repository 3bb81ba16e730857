package gke

import (
	"fmt"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// rotationPeriod is 90 days, the longest period that the CIS benchmark for Google Cloud allows (1.10).
const rotationPeriod = "7776000s"

// encryption holds the environment's key, and the grants that let Google's own services use it.
type encryption struct {
	key *kms.CryptoKey
	// grants must exist before the encrypted resources.
	grants []pulumi.Resource
}

// agents are the service agents that encrypt whatever the configuration is: the control plane's database, and the disks
// (https://cloud.google.com/iam/docs/service-agents). Google creates one some time after its service was enabled, and
// refuses a grant to one that does not exist yet. So, as with the services, they must be requested before the first run
// (https://cloud.google.com/iam/docs/create-service-agents).
var agents = []struct{ role, domain string }{
	{"database", "container-engine-robot"},
	{"disks", "compute-system"},
}

// newEncryption creates the key that everything is encrypted with. The names of a key ring and a key stay taken after
// both were destroyed (https://cloud.google.com/kms/docs/faq): an environment that returns under its old name has to
// import them.
func (b *builder) newEncryption(number pulumi.StringOutput) (*encryption, error) {
	ring, err := kms.NewKeyRing(b.ctx, b.name+"-keyring", &kms.KeyRingArgs{
		Name:     pulumi.String(b.spec.Name),
		Location: pulumi.String(b.spec.Region),
	}, b.kept()...)
	if err != nil {
		return nil, fmt.Errorf("creating the key ring: %w", err)
	}
	key, err := kms.NewCryptoKey(b.ctx, b.name+"-key", &kms.CryptoKeyArgs{
		Name:           pulumi.String("cluster"),
		KeyRing:        ring.ID(),
		Purpose:        pulumi.String("ENCRYPT_DECRYPT"),
		RotationPeriod: pulumi.String(rotationPeriod),
	}, b.kept()...)
	if err != nil {
		return nil, fmt.Errorf("creating the key: %w", err)
	}
	grants, err := b.newKeyGrants(key, number)
	if err != nil {
		return nil, fmt.Errorf("granting the use of the key: %w", err)
	}
	return &encryption{key: key, grants: grants}, nil
}

func (b *builder) newKeyGrants(key *kms.CryptoKey, number pulumi.StringOutput) ([]pulumi.Resource, error) {
	var grants []pulumi.Resource
	for _, agent := range agents {
		grant, err := b.newKeyGrant(b.name+"-key-"+agent.role, key, number, agent.domain)
		if err != nil {
			return nil, err
		}
		grants = append(grants, grant)
	}
	return grants, nil
}

// newKeyGrant lets a service agent use the key.
func (b *builder) newKeyGrant(
	name string, key *kms.CryptoKey, number pulumi.StringOutput, domain string,
) (pulumi.Resource, error) {
	return kms.NewCryptoKeyIAMMember(b.ctx, name, &kms.CryptoKeyIAMMemberArgs{
		CryptoKeyId: key.ID(),
		Role:        pulumi.String("roles/cloudkms.cryptoKeyEncrypterDecrypter"),
		Member:      pulumi.Sprintf("serviceAccount:service-%s@%s.iam.gserviceaccount.com", number, domain),
	}, b.child()...)
}
