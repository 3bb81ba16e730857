package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// managed is a Database or a DatabaseRole, which the primary applies to PostgreSQL
// (https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/api/v1, database_types.go and databaserole_types.go).
type managed struct {
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Name    string `json:"name"`
		Owner   string `json:"owner"`
		Cluster struct {
			Name string `json:"name"`
		} `json:"cluster"`
		PasswordSecret struct {
			Name string `json:"name"`
		} `json:"passwordSecret"`
	} `json:"spec"`
	Status struct {
		Applied               *bool              `json:"applied"`
		ObservedGeneration    int64              `json:"observedGeneration"`
		Message               string             `json:"message"`
		SecretResourceVersion string             `json:"secretResourceVersion"`
		Conditions            []metav1.Condition `json:"conditions"`
	} `json:"status"`
}

// The finalizers of databases and roles: the primary has to let an object go, whether it deletes what is in PostgreSQL
// or not.
const (
	databaseFinalizer = "cnpg.io/deleteDatabase"
	roleFinalizer     = "cnpg.io/deleteRole"
)

// applied reports whether the primary has applied the object as it is, and for a role the password as it is. The
// operator notes the version of the Secret with the password in a condition.
func (m managed) applied() bool {
	secret := ""
	if change := meta.FindStatusCondition(m.Status.Conditions, "PasswordSecretChange"); change != nil {
		secret = change.Message
	}
	return m.isApplied() && m.Status.ObservedGeneration == m.Generation && m.Status.SecretResourceVersion == secret
}

func (m managed) isApplied() bool { return m.Status.Applied != nil && *m.Status.Applied }

// taken returns an error if another object has already made what this one describes.
func (m managed) taken(by []managed) error {
	for _, other := range by {
		if m.Status.ObservedGeneration == 0 && other.Status.ObservedGeneration > 0 && other.UID != m.UID &&
			other.Spec.Name == m.Spec.Name {
			return fmt.Errorf("%q is already managed by object %q", m.Spec.Name, other.Name)
		}
	}
	return nil
}

// isThere returns an error unless there is a role of that name: the superuser, the owner of the first database, or a
// role that was applied.
func (c cluster) isThere(role string, applied []managed) error {
	if role == "postgres" || role == c.Spec.Bootstrap.InitDB.Owner ||
		slices.ContainsFunc(applied, func(one managed) bool { return one.Spec.Name == role && one.isApplied() }) {
		return nil
	}
	return fmt.Errorf("role %q does not exist", role)
}

// opens returns an error unless the Secret has a password for that role.
func opens(secret corev1.Secret, role string) error {
	switch user := string(secret.Data[corev1.BasicAuthUsernameKey]); {
	case user != role:
		return fmt.Errorf("wrong username %q in secret, expected %q", user, role)
	case len(secret.Data[corev1.BasicAuthPasswordKey]) == 0:
		return errors.New("the secret has no password")
	}
	return nil
}

// applyAll does what the primary of a cluster does with its databases and roles. Roles come first: they own databases.
func (i *instances) applyAll(ctx context.Context, one cluster) error {
	there, err := i.managedBy(ctx, one, roles)
	if err != nil {
		return err
	}
	var failed []error
	for _, role := range there {
		secret, problem := i.password(ctx, role)
		problem = errors.Join(role.taken(there), problem)
		failed = append(failed, i.settle(ctx, roles, roleFinalizer, role, secret, problem))
	}
	found, err := i.managedBy(ctx, one, databases)
	if err != nil {
		return errors.Join(append(failed, err)...)
	}
	for _, database := range found {
		problem := errors.Join(database.taken(found), one.isThere(database.Spec.Owner, there))
		failed = append(failed, i.settle(ctx, databases, databaseFinalizer, database, "", problem))
	}
	return errors.Join(failed...)
}

// managedBy returns the objects of a kind that belong to a cluster.
func (i *instances) managedBy(ctx context.Context, one cluster, of schema.GroupVersionResource) ([]managed, error) {
	all, err := list[managed](ctx, i.api, of, one.Namespace, metav1.ListOptions{})
	return slices.DeleteFunc(all, func(m managed) bool { return m.Spec.Cluster.Name != one.Name }), err
}

// password returns the version of the Secret with a role's password, or why there is none.
func (i *instances) password(ctx context.Context, role managed) (version string, err error) {
	name := role.Spec.PasswordSecret.Name
	if name == "" {
		return "", nil
	}
	secret, err := get[corev1.Secret](ctx, i.api, secrets, role.Namespace, name)
	if err != nil {
		return "", err
	}
	return secret.ResourceVersion, opens(secret, role.Spec.Name)
}

// settle lets an object go that is being deleted, and else writes what became of it.
func (i *instances) settle(
	ctx context.Context, of schema.GroupVersionResource, finalizer string, one managed, secret string, problem error,
) error {
	held := slices.Contains(one.Finalizers, finalizer)
	switch {
	case one.DeletionTimestamp != nil && held:
		left := slices.DeleteFunc(slices.Clone(one.Finalizers), func(name string) bool { return name == finalizer })
		return i.hold(ctx, of, one, left)
	case one.DeletionTimestamp != nil, one.applied():
		return nil
	case !held:
		return i.hold(ctx, of, one, append(slices.Clone(one.Finalizers), finalizer)) // the rest follows at the next look
	case problem != nil:
		return i.refuse(ctx, of, one, problem)
	}
	return i.api.patch(ctx, of, one.ObjectMeta, map[string]any{"status": map[string]any{
		"applied": true, "message": nil, "observedGeneration": one.Generation, "secretResourceVersion": orNil(secret),
	}}, "status")
}

func (i *instances) hold(ctx context.Context, of schema.GroupVersionResource, one managed, finalizers []string) error {
	err := i.api.patch(ctx, of, one.ObjectMeta, map[string]any{"metadata": map[string]any{"finalizers": finalizers}})
	if apierrors.IsNotFound(err) {
		return nil // it went with its last finalizer
	}
	return err
}

// refuse writes why an object is not applied, once.
func (i *instances) refuse(ctx context.Context, of schema.GroupVersionResource, one managed, problem error) error {
	if one.Status.Applied != nil && !*one.Status.Applied && one.Status.Message == problem.Error() {
		return nil
	}
	return i.api.patch(ctx, of, one.ObjectMeta, map[string]any{"status": map[string]any{
		"applied": false, "message": problem.Error(),
	}}, "status")
}

// orNil returns nil in place of an empty text, which removes the field.
func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}
