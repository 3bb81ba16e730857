package preview

import (
	"fmt"
	"strconv"

	admissionv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/admissionregistration/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/kube"
)

// newLimits refuses every request of the subject that changes anything, whatever rights the subject has. It returns the
// resource that puts the policy into force
// (https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy).
//
// The policy cannot guard itself: the API server exempts admission policies and their bindings
// (https://github.com/kubernetes/apiserver/blob/v0.35.4/pkg/admission/plugin/policy/generic/plugin.go). The rights
// therefore leave these out.
func (i *Identity) newLimits(ctx *pulumi.Context, name string) (pulumi.Resource, error) {
	policy, err := admissionv1.NewValidatingAdmissionPolicy(ctx, name+"-policy",
		&admissionv1.ValidatingAdmissionPolicyArgs{
			Metadata: kube.Metadata("", i.physical(), kube.Labels()),
			Spec: &admissionv1.ValidatingAdmissionPolicySpecArgs{
				FailurePolicy:    pulumi.String("Fail"),
				MatchConstraints: everyRequest(),
				MatchConditions: admissionv1.MatchConditionArray{&admissionv1.MatchConditionArgs{
					Name: pulumi.String("preview-identity"), Expression: pulumi.String(isFrom(i.args.Subject)),
				}},
				Validations: admissionv1.ValidationArray{&admissionv1.ValidationArgs{
					Expression: pulumi.String("has(request.dryRun) && request.dryRun"),
					Message:    pulumi.String("the preview identity may make dry runs alone (--dry-run=server)"),
					Reason:     pulumi.String("Forbidden"),
				}},
			},
		}, pulumi.Parent(i))
	if err != nil {
		return nil, fmt.Errorf("creating the admission policy of the preview identity: %w", err)
	}
	binding, err := admissionv1.NewValidatingAdmissionPolicyBinding(ctx, name+"-policy-binding",
		&admissionv1.ValidatingAdmissionPolicyBindingArgs{
			Metadata: kube.Metadata("", i.physical(), kube.Labels()),
			Spec: &admissionv1.ValidatingAdmissionPolicyBindingSpecArgs{
				PolicyName: pulumi.String(i.physical()),
				// The audit log says when somebody has tried.
				ValidationActions: pulumi.ToStringArray([]string{"Deny", "Audit"}),
			},
		}, pulumi.Parent(i), pulumi.DependsOn([]pulumi.Resource{policy}))
	if err != nil {
		return nil, fmt.Errorf("binding the admission policy of the preview identity: %w", err)
	}
	return binding, nil
}

// everyRequest matches each request that admission sees: all but reads. */* includes subresources, such as scale, exec
// and token. The API server's defaults are written out: the field is atomic, so another client that applies the same
// would conflict with what was defaulted.
func everyRequest() *admissionv1.MatchResourcesArgs {
	every := pulumi.ToStringArray([]string{"*"})
	return &admissionv1.MatchResourcesArgs{
		MatchPolicy:       pulumi.String("Equivalent"),
		NamespaceSelector: &metav1.LabelSelectorArgs{},
		ObjectSelector:    &metav1.LabelSelectorArgs{},
		ResourceRules: admissionv1.NamedRuleWithOperationsArray{&admissionv1.NamedRuleWithOperationsArgs{
			ApiGroups: every, ApiVersions: every, Operations: every, Resources: pulumi.ToStringArray([]string{"*/*"}),
			Scope: pulumi.String("*"),
		}},
	}
}

// isFrom returns the condition, in CEL, that a request is the subject's. It first asks for the field: a condition that
// fails to evaluate would refuse the requests of everybody.
func isFrom(subject cluster.Subject) string {
	return fmt.Sprintf(map[cluster.SubjectKind]string{
		cluster.User:  "has(request.userInfo.username) && request.userInfo.username == %s",
		cluster.Group: "has(request.userInfo.groups) && %s in request.userInfo.groups",
	}[subject.Kind], strconv.Quote(subject.Name))
}
