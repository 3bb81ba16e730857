package existing

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/mocktest"
)

func TestLook(t *testing.T) {
	cases := map[string]struct {
		status int
		want   string
		fails  bool
		reason string
	}{
		"there":     {http.StatusOK, "seen", false, ""},
		"not there": {http.StatusNotFound, "before", false, "most of what is asked for is not there the first time"},
		"not shown": {http.StatusForbidden, "before", false, "whoever may not read may still preview"},
		"broken":    {http.StatusInternalServerError, "before", true, "nothing can be said"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			server := mocktest.NewAPIServer(t, tt.status)
			server.Answer("/api/v1/namespaces/some", `{"name": "seen"}`)
			live, err := connect(&cluster.ExistingSpec{Context: "some", KubeconfigPath: mocktest.KubeconfigFile(t,
				mocktest.Kubeconfig(t, "", map[string]*api.Cluster{"some": server.Cluster()}))})
			require.NoError(t, err)
			into := struct{ Name string }{"before"}

			err = live.look(t.Context(), "api/v1/namespaces/some", &into)

			assert.Equal(t, tt.want, into.Name, tt.reason)
			if !tt.fails {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, "looking at api/v1/namespaces/some in the cluster")
			assert.NotContains(t, err.Error(), "token-of-")
		})
	}
}
