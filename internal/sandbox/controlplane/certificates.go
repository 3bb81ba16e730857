package controlplane

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

const (
	authorityValidity   = 10 * 365 * 24 * time.Hour
	certificateValidity = 365 * 24 * time.Hour
	// renewBefore is the remaining validity below which a certificate is replaced.
	renewBefore = 30 * 24 * time.Hour
)

// The certificate authorities. They are separate for the same reason as in any cluster: a certificate that the API
// server trusts must not open etcd, and signing an ordinary client certificate must not yield the right to impersonate
// other users.
const (
	clusterAuthority    = "ca"
	etcdAuthority       = "etcd-ca"
	frontProxyAuthority = "front-proxy-ca"
)

// previewer is the certificate of the preview identity in Pulumi.local.yaml.
const previewer = "preview"

var authorities = []string{clusterAuthority, etcdAuthority, frontProxyAuthority}

// certificate is one row of the table of issued certificates.
type certificate struct {
	name      string
	authority string
	user      string
	group     string // of a client, optional
	hosts     []string
	usage     []x509.ExtKeyUsage
}

var (
	server = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	client = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	both   = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}

	loopbackHosts = []string{"localhost"}
	serviceHosts  = []string{
		"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
	}
	metricsHosts = []string{"localhost", "metrics-server.kube-system.svc"}
)

var certificates = []certificate{
	{"etcd-server", etcdAuthority, "etcd", "", loopbackHosts, both}, // etcd is a client of itself with its own certificate
	{"etcd-peer", etcdAuthority, "etcd", "", loopbackHosts, both},
	{"etcd-client", etcdAuthority, "kube-apiserver", "", nil, client},
	{"kube-apiserver", clusterAuthority, "kube-apiserver", "", serviceHosts, server},
	{"kube-controller-manager-server", clusterAuthority, "kube-controller-manager", "", loopbackHosts, server},
	{"kube-scheduler-server", clusterAuthority, "kube-scheduler", "", loopbackHosts, server},
	{"kwok-server", clusterAuthority, "kwok", "", loopbackHosts, server},
	{"kube-controller-manager", clusterAuthority, "system:kube-controller-manager", "", nil, client},
	{"kube-scheduler", clusterAuthority, "system:kube-scheduler", "", nil, client},
	{"kwok", clusterAuthority, "kwok", "system:masters", nil, client},
	{metricsServer, clusterAuthority, metricsServer, "", nil, client},
	{"metrics-server-server", clusterAuthority, metricsServer, "", metricsHosts, server},
	{"admin", clusterAuthority, "dreamseed-sandbox-admin", "system:masters", nil, client},
	{previewer, clusterAuthority, "dreamseed-preview", "", nil, client},
	{"front-proxy-client", frontProxyAuthority, "front-proxy-client", "", nil, client},
}

// certificatesOf returns the certificates of a control plane: those above, and one for each program beside it.
func certificatesOf(programs []Program) []certificate {
	all := slices.Clone(certificates)
	for _, program := range programs {
		all = append(all, certificate{name: program.Name, authority: clusterAuthority, user: program.Name, usage: client})
		if program.Serving {
			all = append(all, certificate{
				name: serving(program.Name), authority: clusterAuthority, user: program.Name,
				hosts: []string{"localhost", program.Name + "." + systemNamespace + ".svc"}, usage: both,
			})
		}
	}
	return all
}

// serving returns the name of the certificate with which a program serves TLS.
func serving(program string) string { return program + "-server" }

// serviceAccountKey signs service account tokens.
const serviceAccountKey = "service-account"

// pki is the folder of a stack's certificates and keys.
type pki string

func (p pki) cert(name string) string { return filepath.Join(string(p), name+".crt") }
func (p pki) key(name string) string  { return filepath.Join(string(p), name+".key") }

// ensure issues certificates that are missing, unusable or about to expire. Valid ones stay, so that running components
// keep trusting them.
func (p pki) ensure(needed []certificate, now time.Time) error {
	if err := p.ensureKey(); err != nil {
		return fmt.Errorf("creating the key of the service accounts: %w", err)
	}
	signers := map[string]*tls.Certificate{}
	for _, name := range authorities {
		signer, err := p.ensureAuthority(name, now)
		if err != nil {
			return fmt.Errorf("creating the certificate authority %s: %w", name, err)
		}
		signers[name] = signer
	}
	for _, c := range needed {
		if err := p.ensureCertificate(c, signers[c.authority], now); err != nil {
			return fmt.Errorf("issuing the certificate %s: %w", c.name, err)
		}
	}
	return nil
}

func (p pki) ensureKey() error {
	if data, err := os.ReadFile(p.key(serviceAccountKey)); err == nil {
		if block, _ := pem.Decode(data); block != nil {
			return nil
		}
	}
	_, data, err := newKey()
	if err != nil {
		return err
	}
	return privatefile.Write(p.key(serviceAccountKey), data)
}

func (p pki) ensureAuthority(name string, now time.Time) (*tls.Certificate, error) {
	// An authority is replaced before it could expire earlier than the certificates that it signs.
	if pair, ok := p.load(name); ok && pair.Leaf.NotAfter.After(now.Add(certificateValidity)) {
		return pair, nil
	}
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "dreamseed-sandbox-" + name}, NotAfter: now.Add(authorityValidity),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	if err := p.issue(name, template, nil, now); err != nil {
		return nil, err
	}
	pair, err := tls.LoadX509KeyPair(p.cert(name), p.key(name))
	return &pair, err
}

func (p pki) ensureCertificate(c certificate, signer *tls.Certificate, now time.Time) error {
	if pair, ok := p.load(c.name); ok && c.describes(pair.Leaf) &&
		pair.Leaf.NotAfter.After(now.Add(renewBefore)) && pair.Leaf.CheckSignatureFrom(signer.Leaf) == nil {
		return nil
	}
	return p.issue(c.name, c.template(now), signer, now)
}

// load returns a pair that exists and is intact. Any other pair is issued again, whatever is wrong with it.
func (p pki) load(name string) (*tls.Certificate, bool) {
	pair, err := tls.LoadX509KeyPair(p.cert(name), p.key(name))
	return &pair, err == nil
}

func (c certificate) template(now time.Time) *x509.Certificate {
	t := &x509.Certificate{
		Subject: pkix.Name{CommonName: c.user}, NotAfter: now.Add(certificateValidity),
		DNSNames: c.hosts, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: c.usage,
	}
	if c.group != "" {
		t.Subject.Organization = []string{c.group}
	}
	if len(c.hosts) > 0 {
		t.IPAddresses = []net.IP{net.ParseIP(loopback).To4()}
	}
	return t
}

// describes reports whether an issued certificate still matches the table.
func (c certificate) describes(issued *x509.Certificate) bool {
	t := c.template(time.Time{})
	return issued.Subject.CommonName == t.Subject.CommonName &&
		slices.Equal(issued.Subject.Organization, t.Subject.Organization) &&
		slices.Equal(issued.DNSNames, t.DNSNames) && slices.Equal(issued.ExtKeyUsage, t.ExtKeyUsage)
}

// issue writes a new key and its certificate. Without a signer the certificate is self-signed.
func (p pki) issue(name string, template *x509.Certificate, signer *tls.Certificate, now time.Time) error {
	key, keyPEM, err := newKey()
	if err != nil {
		return err
	}
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127)); err != nil {
		return err
	}
	template.NotBefore = now.Add(-time.Hour) // a clock that is set back a little must not make it invalid
	parent, signKey := template, crypto.PrivateKey(key)
	if signer != nil {
		parent, signKey = signer.Leaf, signer.PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signKey)
	if err != nil {
		return err
	}
	if err := privatefile.Write(p.key(name), keyPEM); err != nil {
		return err
	}
	return privatefile.Write(p.cert(name), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func newKey() (*ecdsa.PrivateKey, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	return key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), nil
}

// client returns the TLS configuration of a client that trusts one authority only.
func (p pki) client(authority, name string) (*tls.Config, error) {
	ca, err := os.ReadFile(p.cert(authority))
	if err != nil {
		return nil, err
	}
	pair, err := tls.LoadX509KeyPair(p.cert(name), p.key(name))
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		return nil, fmt.Errorf("%s holds no certificate", p.cert(authority))
	}
	return &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}
