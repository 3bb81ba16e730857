package standin

import "github.com/dreamseed/platform/internal/sandbox/credential"

// readAPIServer reads where the sandbox's API server is at this moment, and who signed its certificate.
func readAPIServer() (APIServer, error) {
	administrator, err := credential.ReadAdministrator()
	return APIServer{URL: administrator.Server, Authority: administrator.Authority}, err
}
