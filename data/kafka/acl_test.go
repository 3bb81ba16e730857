package kafka_test

import (
	"cmp"
	"context"
	"errors"
	"testing"
	"time"

	strimziv1 "github.com/scholzj/strimzi-go/pkg/apis/kafka.strimzi.io/v1"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"github.com/dreamseed/platform/internal/mocktest"
)

const mechanism = "SCRAM-SHA-512"

// passwordOf is the password of a user of the tests.
func passwordOf(user string) string { return "the-password-of-" + user }

// broker is a server of Kafka's protocol that nobody here wrote, with the topics and the users that are rendered.
type broker struct{ *kfake.Cluster }

// newBroker starts it and applies what is rendered, as Strimzi's operators would: the topics, and each user with a
// password and its rules.
func newBroker(t *testing.T, rendered *mocktest.Recording) broker {
	t.Helper()
	server, err := kfake.NewCluster(kfake.NumBrokers(3), kfake.EnableSASL(), kfake.EnableACLs(),
		kfake.Superuser(mechanism, "administrator", passwordOf("administrator")))
	require.NoError(t, err)
	t.Cleanup(server.Close)
	running := broker{server}
	administrator := kadm.NewClient(running.client(t, "administrator", passwordOf("administrator")))
	for _, one := range rendered.Each(t, topicType) {
		var topic strimziv1.KafkaTopic
		require.NoError(t, decode(t, one, &topic))
		_, err := administrator.CreateTopic(t.Context(), *topic.Spec.Partitions, int16(*topic.Spec.Replicas), nil,
			topic.Name)
		require.NoError(t, err)
	}
	for _, one := range rendered.Each(t, userType) {
		var user strimziv1.KafkaUser
		require.NoError(t, decode(t, one, &user))
		administer(t, administrator, user)
	}
	return running
}

func administer(t *testing.T, administrator *kadm.Client, user strimziv1.KafkaUser) {
	t.Helper()
	require.Equal(t, strimziv1.SCRAM_SHA_512_KAFKAUSERAUTHENTICATIONTYPE, user.Spec.Authentication.Type)
	_, err := administrator.AlterUserSCRAMs(t.Context(), nil, []kadm.UpsertSCRAM{{
		User: user.Name, Mechanism: kadm.ScramSha512, Iterations: 4096, Password: passwordOf(user.Name),
	}})
	require.NoError(t, err)
	require.NotEmpty(t, user.Spec.Authorization.Acls)
	for _, one := range user.Spec.Authorization.Acls {
		results, err := administrator.CreateACLs(t.Context(), rule(t, user.Name, one))
		require.NoError(t, err)
		for _, result := range results {
			require.NoError(t, result.Err)
		}
	}
}

// rule returns a rule in Kafka's own words. Strimzi allows where a rule does not say what it does.
func rule(t *testing.T, user string, of strimziv1.AclRule) *kadm.ACLBuilder {
	t.Helper()
	require.Empty(t, of.Type)
	require.Empty(t, of.Host)
	rule := kadm.NewACLs().Allow("User:" + user).AllowHosts("*")
	switch of.Resource.Type {
	case strimziv1.TOPIC_ACLRULERESOURCETYPE:
		rule.Topics(of.Resource.Name)
	case strimziv1.GROUP_ACLRULERESOURCETYPE:
		rule.Groups(of.Resource.Name)
	default:
		require.Fail(t, "a service has no business with it", of.Resource.Type)
	}
	pattern, known := map[strimziv1.AclResourcePatternType]kadm.ACLPattern{
		strimziv1.LITERAL_ACLRESOURCEPATTERNTYPE: kadm.ACLPatternLiteral,
		strimziv1.PREFIX_ACLRESOURCEPATTERNTYPE:  kadm.ACLPatternPrefixed,
	}[of.Resource.PatternType]
	require.True(t, known, of.Resource.PatternType)
	rule.ResourcePatternType(pattern)
	var operations []kadm.ACLOperation
	for _, operation := range of.Operations {
		parsed, err := kmsg.ParseACLOperation(string(operation))
		require.NoError(t, err)
		operations = append(operations, parsed)
	}
	return rule.Operations(operations...)
}

// client returns a client that signs in as a user.
func (b broker) client(t *testing.T, user, password string, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(b.ListenAddrs()...), kgo.SASL(scram.Auth{User: user, Pass: password}.AsSha512Mechanism()),
		kgo.RequestRetries(0), kgo.RetryTimeout(5 * time.Second),
	}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}

// attempt is something that a service does with its client.
type attempt func(t *testing.T, b broker, user string) error

func writes(topic string) attempt {
	return func(t *testing.T, b broker, user string) error {
		t.Helper()
		client := b.client(t, user, passwordOf(user))
		return client.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Value: []byte("from " + user)}).FirstErr()
	}
}

// reads returns an attempt to read a record of a topic in a group and to remember that it was read.
func reads(topic, group string) attempt {
	return func(t *testing.T, b broker, user string) error {
		t.Helper()
		client := b.client(t, user, passwordOf(user), kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic),
			kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.DisableAutoCommit())
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		for {
			fetches := client.PollFetches(ctx)
			if err := fetches.Err(); err != nil {
				return err
			}
			if fetches.NumRecords() > 0 {
				return client.CommitRecords(ctx, fetches.Records()...)
			}
		}
	}
}

// patience bounds an attempt: a client asks again where the answer might change.
const patience = 20 * time.Second

func administers(what func(ctx context.Context, administrator *kadm.Client) error) attempt {
	return func(t *testing.T, b broker, user string) error {
		t.Helper()
		return what(t.Context(), kadm.NewClient(b.client(t, user, passwordOf(user))))
	}
}

func creates(topic string) attempt {
	return administers(func(ctx context.Context, administrator *kadm.Client) error {
		_, err := administrator.CreateTopic(ctx, 1, 1, nil, topic)
		return err
	})
}

func deletes(topic string) attempt {
	return administers(func(ctx context.Context, administrator *kadm.Client) error {
		_, err := administrator.DeleteTopic(ctx, topic)
		return err
	})
}

func purges(topic string) attempt {
	return administers(func(ctx context.Context, administrator *kadm.Client) error {
		offsets := kadm.Offsets{}
		offsets.Add(kadm.Offset{Topic: topic, Partition: 0, At: 0})
		deleted, err := administrator.DeleteRecords(ctx, offsets)
		if err != nil {
			return err
		}
		return deleted.Error()
	})
}

// grants is the way to every right.
func grants() attempt {
	return administers(func(ctx context.Context, administrator *kadm.Client) error {
		results, err := administrator.CreateACLs(ctx, kadm.NewACLs().Allow("User:order").AllowHosts("*").Topics("bills").
			ResourcePatternType(kadm.ACLPatternLiteral).Operations(kadm.OpAll))
		for _, result := range results {
			err = cmp.Or(err, result.Err)
		}
		return err
	})
}

func TestAServiceMayDoWhatItDeclaresAndNothingElse(t *testing.T) {
	server := newBroker(t, recorded(t, args()))
	require.NoError(t, writes("orders")(t, server, "order"), "something to read")
	for name, test := range map[string]struct {
		user string
		try  attempt
		want error
	}{
		"a producer writes its topic":               {"order", writes("orders"), nil},
		"another one, too":                          {"billing", writes("bills"), nil},
		"it writes no topic of a neighbour":         {"order", writes("bills"), kerr.TopicAuthorizationFailed},
		"it does not read what it writes":           {"order", reads("orders", "order"), kerr.GroupAuthorizationFailed},
		"it creates no topic":                       {"order", creates("secrets"), kerr.TopicAuthorizationFailed},
		"it deletes none, not even its own":         {"order", deletes("orders"), kerr.TopicAuthorizationFailed},
		"nor the messages of it":                    {"order", purges("orders"), kerr.TopicAuthorizationFailed},
		"it gives nobody a right":                   {"order", grants(), kerr.ClusterAuthorizationFailed},
		"a consumer reads in a group of its name":   {"billing", reads("orders", "billing"), nil},
		"and in one whose name begins with it":      {"billing", reads("orders", "billing-reports"), nil},
		"not in a group of another":                 {"billing", reads("orders", "order"), kerr.GroupAuthorizationFailed},
		"it does not write what it reads":           {"billing", writes("orders"), kerr.TopicAuthorizationFailed},
		"it does not read what it does not declare": {"billing", reads("returns", "billing"), kerr.TopicAuthorizationFailed},
		"not even what it writes":                   {"billing", reads("bills", "billing"), kerr.TopicAuthorizationFailed},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.try(t, server, test.user)
			if test.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, test.want)
		})
	}
}

func TestWhoDoesNotKnowThePasswordStaysOutside(t *testing.T) {
	server := newBroker(t, recorded(t, args()))
	for name, password := range map[string]string{
		"a neighbour's": passwordOf("billing"), "none": "", "the administrator's": passwordOf("administrator"),
	} {
		err := server.client(t, "order", password).Ping(t.Context())
		require.Error(t, err, name)
	}
	require.NoError(t, server.client(t, "order", passwordOf("order")).Ping(t.Context()), "the control")
	require.Error(t, server.client(t, "page", passwordOf("page")).Ping(t.Context()), "it declares no topic")
}

// refused reports whether a server did not let somebody write: to this topic, or, where there is none that it may
// write, at all.
func refused(err error) bool {
	return errors.Is(err, kerr.TopicAuthorizationFailed) || errors.Is(err, kerr.ClusterAuthorizationFailed)
}

// Each of the seven services, and each of the others' topics.
func TestTheServicesOfTheCatalogueDoTheirWork(t *testing.T) {
	of := platform()
	server := newBroker(t, recorded(t, of))
	owned := map[string]string{}
	for _, service := range of.Services {
		for _, topic := range service.Needs.Produces {
			owned[topic] = service.Name
		}
	}
	require.NotEmpty(t, owned)
	for _, service := range of.Services {
		for topic, owner := range owned {
			err := writes(topic)(t, server, service.Name)
			if owner == service.Name {
				require.NoError(t, err, "%s writes %s", service.Name, topic)
			} else {
				require.True(t, refused(err), "%s writes %s: %v", service.Name, topic, err)
			}
		}
	}
	for _, service := range of.Services {
		for _, topic := range service.Needs.Consumes {
			require.NoError(t, reads(topic, service.Name)(t, server, service.Name), "%s reads %s", service.Name, topic)
		}
	}
}
