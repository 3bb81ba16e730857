package redis

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/naming"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/catalogue"
)

// Users of the pod itself.
const (
	probeUser    = "probe"
	exporterUser = "exporter"
)

// user is a user of Valkey (https://valkey.io/topics/acl).
type user struct {
	name string
	// secret is the Secret with the user's password.
	secret string
	// rules are what the user may do, beside none of the keys and channels.
	rules string
}

// serviceRules let a service use its own keys and channels with every command that is bound to them. What is not bound
// to them is off: administration, and what shows or removes what is the neighbours'. SCAN and RANDOMKEY would show
// their keys, PUBSUB their channels, and FUNCTION their code, which it could even replace; SCRIPT could drop it.
func serviceRules(service string) string {
	return fmt.Sprintf("~%[1]s:* &%[1]s:* +@all -@admin -@dangerous -scan -randomkey -dbsize -pubsub -function "+
		"-script +script|load +script|exists", service)
}

const (
	probeRules = "+ping"
	// exporterRules are for what the exporter asks without being told to look at keys
	// (https://github.com/oliver006/redis_exporter/tree/v1.86.0/exporter).
	exporterRules = "+ping +info +client|setname +slowlog|len +slowlog|get +latency|latest +latency|histogram"
)

// users returns the users, in the order of the file.
func users(services []catalogue.Service) []user {
	all := []user{{probeUser, probeSecret, probeRules}, {exporterUser, exporterSecret, exporterRules}}
	for _, service := range Needing(services) {
		all = append(all, user{service.Name, urlSecret(service), serviceRules(service.Name)})
	}
	return all
}

// urlSecret returns the name of the Secret of a service.
func urlSecret(service catalogue.Service) string { return service.Workload() + "-redis-url" }

const (
	probeSecret    = Name + "-" + probeUser
	exporterSecret = Name + "-" + exporterUser
	// passwordKey is the key of the password in every one of these Secrets.
	passwordKey = "password"
)

// The files that the pod reads, which are keys of one Secret, so that they always belong together: the users, whose
// passwords are hashes, and the password of the user who asks whether Valkey works.
const (
	usersFile    = "users.acl"
	passwordFile = "password"
)

// usersTemplate returns the file as a template of External Secrets: {{ index . "auth" }} is the password of auth. A
// user that is not listed does not exist, and who does not sign in may do nothing.
func usersTemplate(all []user) string {
	lines := []string{"user default off"}
	for _, one := range all {
		lines = append(lines, fmt.Sprintf("user %s on #{{ index . %q | sha256sum }} resetkeys resetchannels -@all %s",
			one.name, one.name, one.rules))
	}
	return strings.Join(lines, "\n") + "\n"
}

// composed describes the Secret with the files. Its name changes with the users and with what they may do, so that the
// pod rolls onto files that are surely written. It does not change with a password: alive.sh looks after that.
func (a *Args) composed() *secrets.ComposedArgs {
	all := users(a.Services)
	template := usersTemplate(all)
	from := map[string]secrets.Mounted{}
	for _, one := range all {
		from[one.name] = secrets.Mounted{Name: one.secret, Key: passwordKey}
	}
	return &secrets.ComposedArgs{
		Namespace: a.Namespace, Workload: Name,
		Name: naming.WithHash(Name+"-users", map[string]string{usersFile: template}),
		From: from,
		Data: pulumi.StringMap{
			usersFile:    pulumi.String(template),
			passwordFile: pulumi.String(fmt.Sprintf("{{ index . %q }}", probeUser)),
		},
		DeadlineSeconds: a.DeadlineSeconds,
	}
}
