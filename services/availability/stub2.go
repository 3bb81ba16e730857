package availability

// MaxSurgePercent is how many pods a release may add.
const MaxSurgePercent = 25
