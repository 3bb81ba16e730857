package live

import "slices"

// condition is one status condition of an object, as its controller reports it.
type condition struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

func (c condition) why() string { return c.Reason + ": " + c.Message }

// conditions are the status conditions of one object.
type conditions []condition

// of returns the condition of a type, or an empty one if the object does not have it.
func (all conditions) of(kind string) condition {
	at := slices.IndexFunc(all, func(c condition) bool { return c.Type == kind })
	if at < 0 {
		return condition{}
	}
	return all[at]
}

// say reports whether the condition of a type has a status.
func (all conditions) say(kind, status string) bool { return all.of(kind).Status == status }
