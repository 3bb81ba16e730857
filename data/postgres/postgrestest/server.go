package postgrestest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/data/store/storetest"
)

// Server is a running PostgreSQL with TLS on the loopback interface.
type Server struct {
	// Port is its TCP port on 127.0.0.1.
	Port int
	// Folder has its socket.
	Folder string
}

// Start runs a server until the test ends. The rules are lines of pg_hba.conf. Before them, everybody on this machine
// who reaches the socket may sign in as anybody, as the operator's own processes do beside a server in the cluster;
// after them, every role may reach every database, as CloudNativePG appends.
func Start(tb testing.TB, rules ...string) *Server {
	tb.Helper()
	server := &Server{Folder: Folder(tb), Port: storetest.Port(tb)}
	data := filepath.Join(server.Folder, "data")
	server.run(tb, "initdb", "--pgdata="+data, "--username=postgres", "--auth=trust", "--encoding=UTF8",
		"--locale=C.UTF-8", "--no-sync")
	lines := append([]string{"local all all trust"}, rules...)
	lines = append(lines, "host all all all scram-sha-256")
	Give(tb, data, "pg_hba.conf", strings.Join(lines, "\n")+"\n")
	certificate, key := selfSigned(tb)
	Give(tb, data, "server.crt", certificate)
	Give(tb, data, "server.key", key)
	options := fmt.Sprintf("-c listen_addresses=127.0.0.1 -c port=%d -c unix_socket_directories=%s -c ssl=on -c fsync=off",
		server.Port, server.Folder)
	tb.Cleanup(func() { server.stop(tb, data) })
	server.run(tb, "pg_ctl", "--pgdata="+data, "--wait", "--silent", "--log="+filepath.Join(server.Folder, "log"),
		"--options="+options, "start")
	return server
}

func (s *Server) stop(tb testing.TB, data string) {
	tb.Helper()
	// The context of a test is over when its cleanup runs.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), time.Minute)
	defer cancel()
	_ = Command(ctx, tb, nil, "pg_ctl", "--pgdata="+data, "--silent", "--mode=immediate", "stop").Run()
}

func (s *Server) run(tb testing.TB, words ...string) {
	tb.Helper()
	// A server keeps the output of pg_ctl open, so that reading it would never end.
	command := Command(tb.Context(), tb, nil, words...)
	require.NoError(tb, command.Run(), "%v", words)
}

// Query runs SQL through the socket as a role, and returns what it prints: a line for each row.
func (s *Server) Query(tb testing.TB, role, database, sql string) string {
	tb.Helper()
	printed, err := s.TryQuery(tb, role, database, sql)
	require.NoError(tb, err, printed)
	return printed
}

// TryQuery is Query for SQL that may fail. It returns the message of PostgreSQL with the error.
func (s *Server) TryQuery(tb testing.TB, role, database, sql string) (string, error) {
	tb.Helper()
	return s.psql(tb, map[string]string{"PGHOST": s.Folder}, role, database, sql)
}

// SignIn runs SQL by TCP, where the rules of pg_hba.conf apply, with a mode of TLS such as require.
func (s *Server) SignIn(tb testing.TB, role, password, database, tls, sql string) (string, error) {
	tb.Helper()
	return s.psql(tb, map[string]string{
		"PGHOST": "127.0.0.1", "PGPASSWORD": password, "PGSSLMODE": tls, "PGCONNECT_TIMEOUT": "10",
	}, role, database, sql)
}

func (s *Server) psql(
	tb testing.TB, environment map[string]string, role, database, sql string,
) (string, error) {
	tb.Helper()
	environment["PGPORT"] = strconv.Itoa(s.Port)
	command := Command(tb.Context(), tb, environment, "psql", "--no-psqlrc", "--quiet", "--no-align", "--tuples-only",
		"--set=ON_ERROR_STOP=1", "--username="+role, "--dbname="+database)
	command.Stdin = strings.NewReader(sql)
	printed, err := command.CombinedOutput()
	return strings.TrimSpace(string(printed)), err
}

// selfSigned returns a certificate that nobody verifies, and its key, in PEM.
func selfSigned(tb testing.TB) (certificate, key string) {
	tb.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(tb, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	require.NoError(tb, err)
	encoded, err := x509.MarshalECPrivateKey(private)
	require.NoError(tb, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})),
		string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded}))
}

// Give writes a file into a folder that only the user of Command may read. Its name may begin with a directory.
func Give(tb testing.TB, folder, name, content string) {
	tb.Helper()
	path := filepath.Join(folder, name)
	require.NoError(tb, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(tb, os.WriteFile(path, []byte(content), 0o600))
	if account := unprivileged(tb); account != nil {
		for _, one := range []string{filepath.Dir(path), path} {
			require.NoError(tb, os.Chown(one, int(account.Uid), int(account.Gid)))
		}
	}
}
