package drift

// Report is the drift of a stack. Its JSON is the format of dreamseed drift --format json; fields may be added to it.
type Report struct {
	Stack string `json:"stack"`
	// Class is the worst class that is neither benign nor accepted, and benign if there is none.
	Class Class `json:"class"`
	// Objects is the number of the program's Kubernetes objects, Live that of the objects looked at, of so many Kinds.
	Objects int `json:"objects"`
	Live    int `json:"live"`
	Kinds   int `json:"kinds"`
	// Resources is the number of resources that the engine's refresh compared.
	Resources int `json:"resources"`
	// Findings are the deviations, the worst first; after a repair those that are left.
	Findings []Finding `json:"findings"`
	// Repairs is what a repair did. Nil without one.
	Repairs []Repair `json:"repairs,omitempty"`
	// LeftOut are kinds that the identity need not read.
	LeftOut []string `json:"leftOut,omitempty"`
	// Incomplete says what should have been looked at and was not. Drift there is not known.
	Incomplete []string `json:"incomplete,omitempty"`

	scan *scan
}

func (r *Report) leaveOut(kind unread) {
	if kind.mayBeMissing() {
		r.LeftOut = append(r.LeftOut, kind.String())
		return
	}
	r.Incomplete = append(r.Incomplete, kind.String())
}

// Worst returns the worst class that is neither benign nor accepted, and benign if there is none.
func (r *Report) Worst() Class {
	worst := Benign
	for _, one := range r.Findings {
		worst = worst.Worse(one.weight())
	}
	return worst
}

// count returns the number of findings of a class that counts, without the accepted ones.
func (r *Report) count(class Class) int {
	count := 0
	for _, one := range r.Findings {
		if one.Class == class && one.Accepted == nil {
			count++
		}
	}
	return count
}

// accepted returns the number of accepted findings.
func (r *Report) accepted() int {
	count := 0
	for _, one := range r.Findings {
		if one.Accepted != nil {
			count++
		}
	}
	return count
}

// attention returns the findings that ask for somebody's attention.
func (r *Report) attention() []Finding {
	var found []Finding
	for _, one := range r.Findings {
		if one.Counts() {
			found = append(found, one)
		}
	}
	return found
}
