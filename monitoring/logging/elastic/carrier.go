package elastic

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/externalsecret"
	"github.com/dreamseed/platform/internal/kube"
)

const (
	// authoritySecret is the Secret in which ECK publishes the authority that signs the certificates of Elasticsearch
	// (https://www.elastic.co/docs/deploy-manage/security/k8s-https-settings), and authorityKey its key.
	authoritySecret = Name + "-es-http-certs-public"
	authorityKey    = "ca.crt"
)

// CarriedSecret is the Secret in the collectors' namespace, with these keys.
const (
	CarriedSecret = "log-collector-elasticsearch" //nolint:gosec // a name
	PasswordKey   = passwordKey
	AuthorityKey  = authorityKey
)

// Writer is the user that the collectors sign in as.
func Writer() string { return writer.name }

// carrier is the name of what carries the password and the authority into the collectors' namespace.
const carrier = "log-collector-secrets"

// newCarrier registers what carries the collectors' password and the authority into their namespace: External Secrets
// reads the two Secrets as an account that may get these and nothing else, and follows the authority when ECK renews it
// (https://external-secrets.io/v0.20.4/provider/kubernetes). No pod runs as that account.
func newCarrier(
	ctx *pulumi.Context, name string, args *Args, elasticsearch pulumi.Resource, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	account, err := corev1.NewServiceAccount(ctx, name+"-account", &corev1.ServiceAccountArgs{
		Metadata:                     args.amongCollectors(carrier, nil),
		AutomountServiceAccountToken: pulumi.Bool(false),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the carrier's account: %w", err)
	}
	read := externalsecret.OwnCluster{
		Namespace: args.Namespace, Names: []string{writer.secret(), authoritySecret},
		Account: carrier, AccountNamespace: args.CollectorNamespace,
	}
	binding, err := read.Grant(ctx, name, kube.Metadata(args.Namespace, carrier, labels("log-collector")), opts...)
	if err != nil {
		return nil, fmt.Errorf("granting the carrier its rights: %w", err)
	}
	awaited := kube.WaitForCondition("Ready")
	may := pulumi.DependsOn([]pulumi.Resource{account, binding})
	store, err := kube.NewCustomResource(ctx, name+"-store", externalsecret.StoreKind,
		args.amongCollectors(carrier, awaited), pulumi.Map{"provider": read.Provider()},
		append(opts, may, kube.Deadline(args.DeadlineSeconds))...)
	if err != nil {
		return nil, fmt.Errorf("creating the carrier's store: %w", err)
	}
	// ECK publishes the authority before the first node of Elasticsearch starts.
	first := pulumi.DependsOn([]pulumi.Resource{store, elasticsearch})
	secret, err := kube.NewCustomResource(ctx, name+"-secret", externalsecret.Kind,
		args.amongCollectors(CarriedSecret, awaited), carried(), append(opts, first, kube.Deadline(args.DeadlineSeconds))...)
	if err != nil {
		return nil, fmt.Errorf("creating the carried secret: %w", err)
	}
	return secret, nil
}

func (a *Args) amongCollectors(name string, annotations pulumi.StringMap) *metav1.ObjectMetaArgs {
	return kube.Annotate(kube.Metadata(a.CollectorNamespace, name, labels("log-collector")), annotations)
}

// carried returns the Secret that External Secrets writes from the two.
func carried() pulumi.Map {
	spec := externalsecret.FromStore(carrier, "10m0s",
		externalsecret.Value(PasswordKey, writer.secret(), passwordKey),
		externalsecret.Value(AuthorityKey, authoritySecret, authorityKey))
	spec["target"] = externalsecret.Target(CarriedSecret, externalsecret.Template(podLabels("log-collector")),
		pulumi.Map{"creationPolicy": pulumi.String("Owner")})
	return spec
}
