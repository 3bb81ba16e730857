package objects

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/naming"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/catalogue"
)

// Identities beside those of the services.
const (
	backupsIdentity = "backups"
	adminIdentity   = "admin"
)

// identity is a user of the object storage, with one key. The name is the ID of the key, too.
type identity struct {
	name string
	// secret is the Secret with the key.
	secret string
	// buckets are those that the identity may read, write and list. The administrator has all of them.
	buckets []string
}

func identities(services []catalogue.Service) []identity {
	all := []identity{
		{name: adminIdentity, secret: adminSecret},
		{name: backupsIdentity, secret: backupsSecret, buckets: []string{BackupsBucket}},
	}
	for _, service := range Needing(services) {
		all = append(all, identity{service.Name, keySecret(service.Workload()), buckets(service)})
	}
	return all
}

// keySecret returns the name of the Secret with the key of a workload.
func keySecret(workload string) string { return workload + "-object-storage" }

const (
	adminSecret   = Name + "-admin"
	backupsSecret = "backups-object-storage"
)

// actions returns what the identity may do
// (https://github.com/seaweedfs/seaweedfs/wiki/Amazon-S3-API#authentication-with-identities). Nobody but the
// administrator makes or removes a bucket, or says who else may use it.
func (i identity) actions() []string {
	if i.name == adminIdentity {
		return []string{"Admin"}
	}
	var all []string
	for _, bucket := range i.buckets {
		for _, action := range []string{"Read", "Write", "List", "Tagging"} {
			all = append(all, action+":"+bucket)
		}
	}
	return all
}

// configFile is the file of the identities, as SeaweedFS reads it.
const configFile = "s3.json"

type s3Config struct {
	Identities []s3Identity `json:"identities"`
}

type s3Identity struct {
	Name        string         `json:"name"`
	Credentials []s3Credential `json:"credentials"`
	Actions     []string       `json:"actions"`
}

type s3Credential struct {
	AccessKey string `json:"accessKey"`
	SecretKey string `json:"secretKey"`
}

// configTemplate returns the file as a template of External Secrets. The keys are letters and digits, which JSON takes
// as they are. Without any identity, SeaweedFS would let everybody in: there are always two.
func configTemplate(all []identity) (string, error) {
	var config s3Config
	for _, one := range all {
		config.Identities = append(config.Identities, s3Identity{
			Name: one.name, Actions: one.actions(),
			Credentials: []s3Credential{{AccessKey: one.name, SecretKey: fmt.Sprintf("{{ index . `%s` }}", one.name)}},
		})
	}
	text, err := json.Marshal(config)
	if err != nil {
		return "", fmt.Errorf("writing %s: %w", configFile, err)
	}
	return string(text), nil
}

// composed describes the Secret with the file. Its name changes with the identities and with what they may do, so that
// the pod rolls onto a file that is surely written. It does not change with a key: alive.sh looks after that.
func (a *Args) composed() (*secrets.ComposedArgs, error) {
	all := identities(a.Services)
	template, err := configTemplate(all)
	if err != nil {
		return nil, err
	}
	from := map[string]secrets.Mounted{}
	for _, one := range all {
		from[one.name] = secrets.Mounted{Name: one.secret, Key: catalogue.ObjectStorageSecretAccessKey}
	}
	return &secrets.ComposedArgs{
		Namespace: a.Namespace, Workload: Name,
		Name: naming.WithHash(Name+"-identities", map[string]string{configFile: template}),
		From: from, Data: pulumi.StringMap{configFile: pulumi.String(template)}, DeadlineSeconds: a.DeadlineSeconds,
	}, nil
}

// newKeys registers a Secret with a key for each identity.
func newKeys(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) ([]pulumi.Resource, error) {
	var all []pulumi.Resource
	for _, one := range identities(args.Services) {
		data := pulumi.StringMap{
			catalogue.ObjectStorageEndpoint:        pulumi.String(Endpoint(args.Namespace)),
			catalogue.ObjectStorageAccessKeyID:     pulumi.String(one.name),
			catalogue.ObjectStorageSecretAccessKey: pulumi.String("{{ .password }}"),
		}
		if one.name == adminIdentity {
			data[curlFile] = pulumi.String(fmt.Sprintf("user = %q\n", one.name+":{{ .password }}"))
		}
		secret, err := secrets.NewDrawn(ctx, name+"-"+one.name, &secrets.DrawnArgs{
			Namespace: args.Namespace, Name: one.secret, Workload: Name, Data: data,
			DeadlineSeconds: args.DeadlineSeconds,
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("drawing the key of %s: %w", one.name, err)
		}
		all = append(all, secret)
	}
	return all, nil
}

// Files returns the files that a service finds. A cloud knows the pod by its identity, and needs no key.
func (s Spec) Files() []string {
	if s.Mode == store.Managed {
		return []string{catalogue.ObjectStorageEndpoint}
	}
	return keyFiles()
}

// keyFiles returns the keys of a Secret with a key of the store, sorted.
func keyFiles() []string {
	return []string{
		catalogue.ObjectStorageAccessKeyID, catalogue.ObjectStorageEndpoint, catalogue.ObjectStorageSecretAccessKey,
	}
}

// mounted returns the entries of such a Secret that a client mounts.
func mounted(secret string) []secrets.Mounted {
	var all []secrets.Mounted
	for _, key := range keyFiles() {
		all = append(all, secrets.Mounted{Name: secret, Key: key})
	}
	return all
}
