package guard

import (
	"fmt"
	"slices"
)

// podSecurityLevels are ordered from the least to the most strict
// (https://kubernetes.io/docs/concepts/security/pod-security-admission/).
var podSecurityLevels = []any{nil, "privileged", "baseline", "restricted"}

// lowPodSecurity returns, for each mode, all levels that the namespace stays below: a lower level is below more of
// them.
func lowPodSecurity(inputs map[string]any) []string {
	labels := object(inputs, "metadata", "labels")
	var found []string
	for _, mode := range []string{"enforce", "audit", "warn"} {
		label := "pod-security.kubernetes.io/" + mode
		for _, level := range podSecurityLevels[slices.Index(podSecurityLevels, known(labels[label]))+1:] {
			found = append(found, fmt.Sprintf("does not %s the Pod Security level %v", mode, level))
		}
	}
	return found
}

// known takes a level that does not exist for none.
func known(level any) any {
	if slices.Contains(podSecurityLevels, level) {
		return level
	}
	return nil
}

// openPolicy finds rules of a network policy that allow everything, and directions that it leaves open
// (https://kubernetes.io/docs/concepts/services-networking/network-policies/).
func openPolicy(inputs map[string]any) []string {
	spec := object(inputs, "spec")
	var found []string
	for _, direction := range []struct{ rules, peers, policyType, says string }{
		{"ingress", "from", "Ingress", "lets everybody in"},
		{"egress", "to", "Egress", "lets its pods reach everything"},
	} {
		for _, rule := range objects(spec, direction.rules) {
			if len(asList(rule[direction.peers])) == 0 || isAnywhere(objects(rule, direction.peers)) {
				found = append(found, fmt.Sprintf("%s on %v", direction.says, portsOf(rule)))
			}
		}
		if !lists(spec, direction.policyType, "policyTypes") {
			found = append(found, "does not restrict "+direction.rules)
		} else if len(objects(spec, direction.rules)) == 0 && len(object(spec, "podSelector")) > 0 {
			found = append(found, "denies "+direction.rules+" to some pods alone")
		}
	}
	return found
}

// isAnywhere reports whether one of the peers is any address, or any pod of any namespace.
func isAnywhere(peers []map[string]any) bool {
	return slices.ContainsFunc(peers, func(peer map[string]any) bool {
		selector, selects := peer["namespaceSelector"].(map[string]any)
		_, narrows := peer["podSelector"]
		return slices.Contains([]any{"0.0.0.0/0", "::/0"}, object(peer, "ipBlock")["cidr"]) ||
			selects && len(selector) == 0 && !narrows
	})
}

func portsOf(rule map[string]any) any {
	if ports, limited := rule["ports"]; limited {
		return ports
	}
	return "every port"
}

// wideRole finds rules of a role with a wildcard, or with which its holder can get any other right
// (https://kubernetes.io/docs/concepts/security/rbac-good-practice/#privilege-escalation-risks).
func wideRole(inputs map[string]any) []string {
	var found []string
	for _, rule := range objects(inputs, "rules") {
		for _, field := range []string{"verbs", "resources", "apiGroups"} {
			if lists(rule, "*", field) {
				found = append(found, fmt.Sprintf("allows all %s of %v %v", field, rule["apiGroups"], rule["resources"]))
			}
		}
		for _, verb := range []string{"escalate", "bind", "impersonate"} {
			if lists(rule, verb, "verbs") {
				found = append(found, fmt.Sprintf("allows to %s %v", verb, rule["resources"]))
			}
		}
	}
	return found
}

// noBudget finds a disruption budget under which every pod may go at once
// (https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget).
func noBudget(inputs map[string]any) []string {
	spec := object(inputs, "spec")
	if slices.Contains([]any{0.0, "0", "0%"}, spec["minAvailable"]) || spec["maxUnavailable"] == "100%" {
		return []string{"lets all of its pods go at once"}
	}
	return nil
}

// laxAdmission finds an admission policy that does not refuse.
func laxAdmission(inputs map[string]any) []string {
	var found []string
	if is(object(inputs, "spec"), "Ignore", "failurePolicy") {
		found = append(found, "lets a request pass that it cannot judge")
	}
	_, binds := object(inputs, "spec")["validationActions"]
	if binds && !lists(object(inputs, "spec"), "Deny", "validationActions") {
		found = append(found, "refuses nothing")
	}
	return found
}
