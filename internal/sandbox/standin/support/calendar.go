package support

import "time"

// Taken is the day on which the table was taken, and the date that the stand-ins go by: a test means the same tomorrow.
var Taken = day(2026, time.November, 26)

// GKE is its Regular channel. Its dates of an end are estimates of Google's, and a version is taken out of the channel
// some weeks before: 1.33 with release 2026-R28, on 2026-07-09. The dates up to 1.35 are also in
// https://endoflife.date/google-kubernetes-engine. The channel sold 1.36 in September 2026; no end of it was
// found, so it is left out.
var GKE = Calendar{
	Cloud:  "gke",
	Source: "https://cloud.google.com/kubernetes-engine/docs/release-schedule",
	Minors: []Minor{
		{"1.33", day(2025, time.June, 3), day(2026, time.August, 3)},
		{"1.34", day(2025, time.September, 30), day(2026, time.October, 1)},
		{"1.35", day(2026, time.February, 11), day(2027, time.April, 11)},
	},
}

// EKS is its standard support, which the clusters are made with. The dates are also in
// https://endoflife.date/amazon-eks.
var EKS = Calendar{
	Cloud:  "eks",
	Source: "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
	Minors: []Minor{
		{"1.33", day(2025, time.May, 28), day(2026, time.July, 29)},
		{"1.34", day(2025, time.October, 6), day(2026, time.December, 2)},
		{"1.35", day(2026, time.January, 28), day(2027, time.March, 27)},
		{"1.36", day(2026, time.June, 2), day(2027, time.August, 2)},
	},
}

// AKS is the plan KubernetesOfficial, which the clusters are made with: what is older needs the plan for long-term
// support. Microsoft names months; a version goes with the last day of its month.
var AKS = Calendar{
	Cloud:  "aks",
	Source: "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions",
	Minors: []Minor{
		{"1.33", day(2025, time.June, 1), day(2026, time.July, 31)},
		{"1.34", day(2025, time.November, 1), day(2026, time.November, 30)},
		{"1.35", day(2026, time.March, 1), day(2027, time.March, 31)},
		{"1.36", day(2026, time.June, 1), day(2027, time.June, 30)},
		{"1.37", day(2026, time.October, 1), day(2027, time.October, 31)},
	},
}

// Calendars are all clouds.
func Calendars() []Calendar { return []Calendar{GKE, EKS, AKS} }

func day(year int, month time.Month, of int) time.Time {
	return time.Date(year, month, of, 0, 0, 0, 0, time.UTC)
}
