package report

func (r *Report) cost() []string { return nil }
