package aks

import (
	"fmt"

	aks "github.com/pulumi/pulumi-azure-native-sdk/containerservice/v2/v20240901"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// schedules are the windows of AKS's automatic upgrades, with the names that AKS requires. A schedule has one day of
// the week, so Kubernetes is upgraded on Saturdays and the node images on Sundays
// (https://learn.microsoft.com/azure/aks/planned-maintenance).
var schedules = []struct{ role, name, day string }{
	{"kubernetes", "aksManagedAutoUpgradeSchedule", "Saturday"},
	{"node-image", "aksManagedNodeOSUpgradeSchedule", "Sunday"},
}

func (b *builder) newMaintenance(plane *aks.ManagedCluster) error {
	for _, schedule := range schedules {
		_, err := aks.NewMaintenanceConfiguration(b.ctx, b.name+"-maintenance-"+schedule.role,
			&aks.MaintenanceConfigurationArgs{
				ConfigName:        pulumi.String(schedule.name),
				ResourceName:      plane.Name,
				ResourceGroupName: b.group,
				MaintenanceWindow: &aks.MaintenanceWindowArgs{
					StartTime:     pulumi.String(fmt.Sprintf("%02d:00", cluster.MaintenanceStartHour)),
					UtcOffset:     pulumi.String("+00:00"),
					DurationHours: pulumi.Int(cluster.MaintenanceHours),
					Schedule: &aks.ScheduleArgs{Weekly: &aks.WeeklyScheduleArgs{
						DayOfWeek:     pulumi.String(schedule.day),
						IntervalWeeks: pulumi.Int(1),
					}},
				},
			}, b.child()...)
		if err != nil {
			return fmt.Errorf("scheduling the upgrades of %s: %w", schedule.role, err)
		}
	}
	return nil
}
