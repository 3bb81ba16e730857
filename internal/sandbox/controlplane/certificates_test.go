package controlplane

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var now = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

func issued(t *testing.T, at time.Time) pki {
	t.Helper()
	p := pki(t.TempDir())
	require.NoError(t, p.ensure(certificates, at))
	return p
}

func leaf(t *testing.T, p pki, name string) *x509.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(p.cert(name), p.key(name))
	require.NoError(t, err)
	return pair.Leaf
}

func verify(t *testing.T, p pki, name, authority, host string, usage x509.ExtKeyUsage) error {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(leaf(t, p, authority))
	_, err := leaf(t, p, name).Verify(x509.VerifyOptions{
		Roots: roots, DNSName: host, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{usage},
	})
	return err
}

func TestServersAreTrustedForTheNamesThatClientsUse(t *testing.T) {
	p := issued(t, now)
	tests := map[string]struct{ authority, host string }{
		"etcd-server":                    {etcdAuthority, "127.0.0.1"},
		"etcd-peer":                      {etcdAuthority, "127.0.0.1"},
		"kube-apiserver":                 {clusterAuthority, "kubernetes.default.svc"},
		"kube-controller-manager-server": {clusterAuthority, "127.0.0.1"},
		"kube-scheduler-server":          {clusterAuthority, "localhost"},
		"kwok-server":                    {clusterAuthority, "127.0.0.1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, verify(t, p, name, test.authority, test.host, x509.ExtKeyUsageServerAuth))
			assert.Error(t, verify(t, p, name, test.authority, "example.com", x509.ExtKeyUsageServerAuth))
		})
	}
}

func TestClientsAreWhoKubernetesExpects(t *testing.T) {
	p := issued(t, now)
	tests := map[string]struct {
		reason, authority, user string
		groups                  []string
	}{
		"kube-controller-manager": {"its own role, no more", clusterAuthority, "system:kube-controller-manager", nil},
		"kube-scheduler":          {"its own role, no more", clusterAuthority, "system:kube-scheduler", nil},
		"kwok":                    {"it plays every kubelet", clusterAuthority, "kwok", []string{"system:masters"}},
		"admin":                   {"the person", clusterAuthority, "dreamseed-sandbox-admin", []string{"system:masters"}},
		"etcd-client":             {"the API server alone", etcdAuthority, "kube-apiserver", nil},
		"front-proxy-client":      {"the name the API server allows", frontProxyAuthority, "front-proxy-client", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, verify(t, p, name, test.authority, "", x509.ExtKeyUsageClientAuth))
			require.Error(t, verify(t, p, name, test.authority, "", x509.ExtKeyUsageServerAuth), "a client is no server")
			assert.Equal(t, test.user, leaf(t, p, name).Subject.CommonName, test.reason)
			assert.Equal(t, test.groups, leaf(t, p, name).Subject.Organization, test.reason)
		})
	}
}

func TestAnOrdinaryClientCannotOpenEtcd(t *testing.T) {
	p := issued(t, now)
	require.Error(t, verify(t, p, "admin", etcdAuthority, "", x509.ExtKeyUsageClientAuth))
	assert.Error(t, verify(t, p, "admin", frontProxyAuthority, "", x509.ExtKeyUsageClientAuth))
}

func TestOnlyTheOwnerReadsKeysAndCertificates(t *testing.T) {
	p := issued(t, now)
	files, err := os.ReadDir(string(p))
	require.NoError(t, err)
	require.Len(t, files, 2*len(authorities)+2*len(certificates)+1)
	for _, file := range files {
		info, err := file.Info()
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), file.Name())
	}
}

func contents(t *testing.T, p pki) map[string]string {
	t.Helper()
	files, err := os.ReadDir(string(p))
	require.NoError(t, err)
	all := map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(string(p), file.Name()))
		require.NoError(t, err)
		all[file.Name()] = string(data)
	}
	return all
}

func TestCertificatesAreIssuedOnce(t *testing.T) {
	p := issued(t, now)
	before := contents(t, p)
	require.NoError(t, p.ensure(certificates, now.Add(certificateValidity-renewBefore-time.Hour)))
	assert.Equal(t, before, contents(t, p), "what runs was started with these")
}

func TestCertificatesNearTheirEndAreRenewedUnderTheSameAuthority(t *testing.T) {
	p := issued(t, now)
	before := contents(t, p)
	later := now.Add(certificateValidity - renewBefore + time.Hour)
	require.NoError(t, p.ensure(certificates, later))
	after := contents(t, p)

	assert.Equal(t, before["ca.crt"], after["ca.crt"], "another authority would make every kubeconfig useless")
	assert.Equal(t, before["service-account.key"], after["service-account.key"], "tokens stay valid")
	for _, c := range certificates {
		assert.NotEqual(t, before[c.name+".crt"], after[c.name+".crt"], c.name)
		assert.True(t, leaf(t, p, c.name).NotAfter.After(later.Add(renewBefore)), c.name)
	}
}

func TestAnAuthorityIsRenewedBeforeItEndsAndSoIsWhatItSigned(t *testing.T) {
	p := issued(t, now)
	later := now.Add(authorityValidity - certificateValidity + time.Hour)
	require.NoError(t, p.ensure(certificates, later))
	assert.True(t, leaf(t, p, clusterAuthority).NotAfter.After(later.Add(certificateValidity)))
	assert.NoError(t, leaf(t, p, "admin").CheckSignatureFrom(leaf(t, p, clusterAuthority)))
}

func TestABrokenCertificateIsIssuedAnew(t *testing.T) {
	tests := map[string]struct {
		reason string
		harm   func(p pki) error
	}{
		"missing key": {"a file was deleted", func(p pki) error { return os.Remove(p.key("admin")) }},
		"half a file": {"a copy was interrupted", func(p pki) error { return os.Truncate(p.cert("admin"), 20) }},
		"mismatched": {"key and certificate are of two times", func(p pki) error {
			return os.Rename(p.key("kwok"), p.key("admin"))
		}},
		"another table": {"an older sandbox issued it for another user", func(p pki) error {
			return copyPair(p, "kwok", "admin")
		}},
		"another authority": {"the authority was replaced", func(p pki) error {
			return os.Remove(p.key(clusterAuthority))
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := issued(t, now)
			require.NoError(t, test.harm(p))
			require.NoError(t, p.ensure(certificates, now))
			assert.NoError(t, verify(t, p, "admin", clusterAuthority, "", x509.ExtKeyUsageClientAuth), test.reason)
			assert.Equal(t, "dreamseed-sandbox-admin", leaf(t, p, "admin").Subject.CommonName, test.reason)
		})
	}
}

func copyPair(p pki, from, to string) error {
	for source, target := range map[string]string{p.cert(from): p.cert(to), p.key(from): p.key(to)} {
		data, err := os.ReadFile(source)
		if err != nil {
			return err
		}
		if err := os.WriteFile(target, data, 0o600); err != nil {
			return err
		}
	}
	return nil
}
