package elastic

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

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
	binding, err := newCarriersRights(ctx, name, args, opts...)
	if err != nil {
		return nil, err
	}
	awaited := kube.WaitForCondition("Ready")
	may := pulumi.DependsOn([]pulumi.Resource{account, binding})
	store, err := kube.NewCustomResource(ctx, name+"-store", storeKind, args.amongCollectors(carrier, awaited),
		pulumi.Map{"provider": pulumi.Map{"kubernetes": args.fromOwnCluster()}},
		append(opts, may, kube.Deadline(args.DeadlineSeconds))...)
	if err != nil {
		return nil, fmt.Errorf("creating the carrier's store: %w", err)
	}
	// ECK publishes the authority before the first node of Elasticsearch starts.
	first := pulumi.DependsOn([]pulumi.Resource{store, elasticsearch})
	secret, err := kube.NewCustomResource(ctx, name+"-secret", externalKind, args.amongCollectors(CarriedSecret, awaited),
		carried(), append(opts, first, kube.Deadline(args.DeadlineSeconds))...)
	if err != nil {
		return nil, fmt.Errorf("creating the carried secret: %w", err)
	}
	return secret, nil
}

func (a *Args) amongCollectors(name string, annotations pulumi.StringMap) *metav1.ObjectMetaArgs {
	return kube.Annotate(kube.Metadata(a.CollectorNamespace, name, labels("log-collector")), annotations)
}

func newCarriersRights(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	metadata := kube.Metadata(args.Namespace, carrier, labels("log-collector"))
	role, err := rbacv1.NewRole(ctx, name+"-role", &rbacv1.RoleArgs{
		Metadata: metadata,
		Rules: rbacv1.PolicyRuleArray{&rbacv1.PolicyRuleArgs{
			ApiGroups:     pulumi.ToStringArray([]string{""}),
			Resources:     pulumi.ToStringArray([]string{"secrets"}),
			ResourceNames: pulumi.ToStringArray([]string{writer.secret(), authoritySecret}),
			Verbs:         pulumi.ToStringArray([]string{"get"}),
		}},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the carrier's role: %w", err)
	}
	binding, err := rbacv1.NewRoleBinding(ctx, name+"-binding", &rbacv1.RoleBindingArgs{
		Metadata: metadata,
		RoleRef: &rbacv1.RoleRefArgs{
			ApiGroup: pulumi.String("rbac.authorization.k8s.io"), Kind: pulumi.String("Role"),
			Name: role.Metadata.Name().Elem(),
		},
		Subjects: rbacv1.SubjectArray{&rbacv1.SubjectArgs{
			Kind: pulumi.String("ServiceAccount"), Name: pulumi.String(carrier),
			Namespace: pulumi.String(args.CollectorNamespace),
		}},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("binding the carrier's role: %w", err)
	}
	return binding, nil
}

// fromOwnCluster reads from the API server of the cluster itself, as the carrier's account.
func (a *Args) fromOwnCluster() pulumi.Map {
	return pulumi.Map{
		"remoteNamespace": pulumi.String(a.Namespace),
		"server": pulumi.Map{
			"url": pulumi.String("https://kubernetes.default"),
			// Kubernetes publishes its certificate authority in every namespace.
			"caProvider": pulumi.Map{
				"type": pulumi.String("ConfigMap"),
				"name": pulumi.String("kube-root-ca.crt"),
				"key":  pulumi.String("ca.crt"),
			},
		},
		"auth": pulumi.Map{"serviceAccount": pulumi.Map{"name": pulumi.String(carrier)}},
	}
}

// carried returns the Secret that External Secrets writes from the two. It sets the API server's defaults explicitly:
// they would show up as drift.
func carried() pulumi.Map {
	read := func(key, secret, property string) pulumi.Map {
		return pulumi.Map{
			"secretKey": pulumi.String(key),
			"remoteRef": pulumi.Map{
				"key":                pulumi.String(secret),
				"property":           pulumi.String(property),
				"conversionStrategy": pulumi.String("Default"),
				"decodingStrategy":   pulumi.String("None"),
				"metadataPolicy":     pulumi.String("None"),
			},
		}
	}
	return pulumi.Map{
		"refreshInterval": pulumi.String("10m0s"),
		"secretStoreRef":  pulumi.Map{"kind": pulumi.String(storeKind.Name), "name": pulumi.String(carrier)},
		"data": pulumi.Array{
			read(PasswordKey, writer.secret(), passwordKey), read(AuthorityKey, authoritySecret, authorityKey),
		},
		"target": pulumi.Map{
			"name":           pulumi.String(CarriedSecret),
			"creationPolicy": pulumi.String("Owner"),
			"deletionPolicy": pulumi.String("Retain"),
			"template": pulumi.Map{
				"engineVersion": pulumi.String("v2"),
				"mergePolicy":   pulumi.String("Replace"),
				"type":          pulumi.String("Opaque"),
				"metadata":      pulumi.Map{"labels": podLabels("log-collector")},
			},
		},
	}
}
