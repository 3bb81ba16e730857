package cluster

// Clouds that upgrade automatically do so only on weekends from 01:00 to 05:00 UTC, when the fewest people learn. The
// cloud may apply urgent security fixes at any time.
const (
	// MaintenanceStartHour is the hour of the day, in UTC, at which the maintenance window opens.
	MaintenanceStartHour = 1
	// MaintenanceHours is the length of the maintenance window.
	MaintenanceHours = 4
)
