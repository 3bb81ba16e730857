package permissions

// Grants are the grants in one cloud.
type Grants interface {
	// Names returns the names of the single grants: each action, role or other part that could be left out alone.
	Names() []string
	// Allowing returns the names of the grants that each allow a request. Without one, the request is refused.
	Allowing(request Request) []string
}

// Audit compares grants with recorded requests.
type Audit struct {
	// Refused lists the requests that no grant allows, without repetition.
	Refused []string
	refused map[string]bool
	needed  map[string]bool
}

// Hear records a request. The grants may be those of another environment each time, as long as their names are the
// same. A request that two grants allow needs neither of them.
func (a *Audit) Hear(grants Grants, request Request) {
	if a.needed == nil {
		a.needed, a.refused = map[string]bool{}, map[string]bool{}
	}
	allowing := grants.Allowing(request)
	switch len(allowing) {
	case 0:
		a.refuse(request)
	case 1:
		a.needed[allowing[0]] = true
	}
}

func (a *Audit) refuse(request Request) {
	text := request.String()
	if !a.refused[text] {
		a.refused[text] = true
		a.Refused = append(a.Refused, text)
	}
}

// Unneeded returns the names of the grants without which everything would still be allowed.
func (a *Audit) Unneeded(grants Grants) []string {
	var unneeded []string
	for _, name := range grants.Names() {
		if !a.needed[name] {
			unneeded = append(unneeded, name)
		}
	}
	return unneeded
}
