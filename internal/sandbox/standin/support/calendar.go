package support

import "time"

// Taken is the day on which the table was taken. The stand-ins use it as their date, so that a test gives the same
// result on any day.
var Taken = day(2026, time.November, 26)

// GKE is the calendar of the Regular channel. Google's end dates are estimates, and a version leaves the channel some
// weeks earlier: 1.33 with release 2026-R28, on 2026-07-09. The dates up to 1.35 are also in
// https://endoflife.date/google-kubernetes-engine. The channel sold 1.36 in September 2026; no end date was found, so
// it is left out.
var GKE = Calendar{
	Cloud:  "gke",
	Source: "https://cloud.google.com/kubernetes-engine/docs/release-schedule",
	Minors: []Minor{
		{"1.33", day(2025, time.June, 3), day(2026, time.August, 3)},
		{"1.34", day(2025, time.September, 30), day(2026, time.October, 1)},
		{"1.35", day(2026, time.February, 11), day(2027, time.April, 11)},
	},
}

// EKS is the calendar of standard support, which the clusters use. The dates are also in
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

// AKS is the calendar of the plan KubernetesOfficial, which the clusters use: older versions need the plan for
// long-term support. Microsoft names months; a version ends with the last day of its month.
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

// Calendars returns the calendars of all clouds.
func Calendars() []Calendar { return []Calendar{GKE, EKS, AKS} }

func day(year int, month time.Month, of int) time.Time {
	return time.Date(year, month, of, 0, 0, 0, 0, time.UTC)
}
