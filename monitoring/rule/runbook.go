package rule

// RunbookAnnotation is the annotation of an alert with the path of its page.
const RunbookAnnotation = "runbook"

// Runbook returns the path of an alert's page: what it means, what to look at, and what to do.
func Runbook(alert string) string { return "docs/runbooks/alerts/" + alert + ".md" }
