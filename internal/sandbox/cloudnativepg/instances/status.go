package main

import (
	"runtime"
)

// status is the answer of an instance
// (https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/pkg/postgres/status.go).
type status struct {
	CurrentLSN              string `json:"currentLsn,omitempty"`
	ReceivedLSN             string `json:"receivedLsn,omitempty"`
	ReplayLSN               string `json:"replayLsn,omitempty"`
	SystemID                string `json:"systemID"`
	IsPrimary               bool   `json:"isPrimary"`
	PendingRestart          bool   `json:"pendingRestart"`
	IsWALReceiverActive     bool   `json:"isWalReceiverActive"`
	LoadedConfigurationHash string `json:"loadedConfigurationHash"`
	TimeLineID              int    `json:"timeLineID"`
	ExecutableHash          string `json:"executableHash"`
	InstanceManagerVersion  string `json:"instanceManagerVersion"`
	InstanceArch            string `json:"instanceArch"`
	SessionID               string `json:"sessionID"`
}

// What is the same in every answer: nothing is ever written to a database.
const (
	position = "0/3000000"
	system   = "7000000000000000000"
	version  = "stand-in"
)

// statusOf returns the state of an instance that read those settings when it started. It has the executable of the
// operator: in a pod the operator itself put it there. A replica receives as long as the primary sends.
func statusOf(pod *instance, in cluster, settings string, primaryRuns bool) status {
	answer := status{
		SystemID: system, TimeLineID: 1, LoadedConfigurationHash: in.loaded(), PendingRestart: settings != in.atStart(),
		ExecutableHash: in.Status.OperatorHash, InstanceManagerVersion: version, InstanceArch: runtime.GOARCH,
		SessionID: string(pod.UID),
	}
	if pod.Name == in.Status.CurrentPrimary {
		answer.IsPrimary, answer.CurrentLSN = true, position
		return answer
	}
	answer.ReceivedLSN, answer.ReplayLSN = position, position
	answer.IsWALReceiverActive = primaryRuns
	return answer
}
