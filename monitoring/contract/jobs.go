package contract

// Values of LabelJob: the names of the scrape jobs. The job of an operator has the name of the operator.
const (
	// JobServices scrapes the pods of the services.
	JobServices = "services"
	// JobKubeStateMetrics has one series for each property of the objects in the cluster.
	JobKubeStateMetrics = "kube-state-metrics"
	// JobNodeExporter has the nodes' own figures: processor, memory, disks, network.
	JobNodeExporter = "node-exporter"
	// JobKubelet has the use of processor and memory of each container, pod and node.
	JobKubelet = "kubelet"
	// JobKubeletVolumes has the use of each mounted volume.
	JobKubeletVolumes = "kubelet-volumes"
	// JobPrometheus, JobAlertmanager and JobGrafana scrape the monitoring itself.
	JobPrometheus   = "prometheus"
	JobAlertmanager = "alertmanager"
	JobGrafana      = "grafana"
	// JobLogCollector has what the collectors read, hold and send of the services' lines, and JobVictoriaLogs what the
	// store of that name keeps.
	JobLogCollector = "log-collector"
	JobVictoriaLogs = "victoria-logs"
	// JobPostgres, JobRedis, JobKafka and JobObjects scrape the data stores in the cluster. JobKafkaExporter has how far
	// behind the consumers of Kafka are.
	JobPostgres      = "postgres"
	JobRedis         = "redis"
	JobKafka         = "kafka"
	JobKafkaExporter = "kafka-exporter"
	JobObjects       = "objects"
)
