package cluster

// Clouds that upgrade by themselves do so on weekends from 01:00 to 05:00 UTC only, when the fewest people learn.
// Security fixes that cannot wait are the cloud's to decide.
const (
	// MaintenanceStartHour is the hour of the day, in UTC, at which maintenance may begin.
	MaintenanceStartHour = 1
	// MaintenanceHours is how long it may take.
	MaintenanceHours = 4
)
