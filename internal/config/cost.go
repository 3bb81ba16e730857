package config

import "github.com/dreamseed/platform/internal/invalid"

// Cost states what the environment may cost, and the figures of its bill that the rest of the configuration does not
// tell. A change changes no resource.
type Cost struct {
	// Budget is the most that the environment may be expected to cost, in whole US dollars a month. Default 0: there is
	// none. A preview of a stack that is expected to cost more fails; one that may cost more at its maximum warns.
	Budget int `json:"budget"`
	// Users is the number of people that the environment is built for, by which its cost per user is shown. Default 0: it
	// is not shown.
	Users int `json:"users"`
	// EgressGB is the traffic to the internet in GiB a month. Default 0.
	EgressGB int `json:"egressGB"`
}

func (c Cost) validate(problems *invalid.Problems) {
	for _, figure := range []struct {
		key   string
		value int
		rule  string
	}{
		{"budget", c.Budget, "must be 0 or more: US dollars a month, 0 for no budget"},
		{"users", c.Users, "must be 0 or more: the people that the environment is built for"},
		{"egressGB", c.EgressGB, "must be 0 or more: GiB to the internet a month"},
	} {
		if figure.value < 0 {
			problems.Add("cost."+figure.key, figure.value, "%s", figure.rule)
		}
	}
}
