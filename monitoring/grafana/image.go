package grafana

// Image is the release of Grafana. A newer one is on https://hub.docker.com/r/grafana/grafana/tags; read
// https://grafana.com/docs/grafana/latest/whatsnew for what it changes, and let the version of the SDK that writes the
// dashboards follow it, because the SDK holds Grafana's schema. A change replaces the pod: users sign in again, and
// nothing else is lost. It is referenced by tag, because its digest is not published in a document.
const Image = "docker.io/grafana/grafana:12.3.3"
