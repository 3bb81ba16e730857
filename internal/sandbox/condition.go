package sandbox

import "slices"

// condition is what a controller says of one side of an object.
type condition struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

func (c condition) why() string { return c.Reason + ": " + c.Message }

// conditions are those of an object.
type conditions []condition

// of is the condition of a type. Empty where nobody has said anything.
func (all conditions) of(kind string) condition {
	at := slices.IndexFunc(all, func(c condition) bool { return c.Type == kind })
	if at < 0 {
		return condition{}
	}
	return all[at]
}

// say reports whether the condition of a type has a status.
func (all conditions) say(kind, status string) bool { return all.of(kind).Status == status }
