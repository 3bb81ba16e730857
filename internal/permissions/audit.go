package permissions

// Grants are what is granted in one cloud.
type Grants interface {
	// Names tell the single grants apart: one action, role or other thing that could be left out alone.
	Names() []string
	// Allowing names the grants that each allow a request. It is refused where there is none.
	Allowing(request Request) []string
}

// Audit compares grants with the requests that it hears of.
type Audit struct {
	// Refused are the requests that nothing allows, without repetition.
	Refused []string
	refused map[string]bool
	needed  map[string]bool
}

// Hear takes a request down. The grants may be those of another environment each time, as long as their names are the
// same. What two of them allow needs neither.
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

// Unneeded names the grants without which everything would still be allowed.
func (a *Audit) Unneeded(grants Grants) []string {
	var unneeded []string
	for _, name := range grants.Names() {
		if !a.needed[name] {
			unneeded = append(unneeded, name)
		}
	}
	return unneeded
}
