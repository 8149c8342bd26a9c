// Package simulation is tests only: whole jobs, of the real parts, on a clock of their own. An embedded Kinesis with the
// service's limits is written to, split, merged and scaled, and answers with every fault there is, while a job reads it
// with the SDK's client, runs a chain, writes files and is crashed, abandoned and stopped, all at random. What then stands
// in the files is held against what was put.
//
// A failure names its seed; go test ./internal/simulation -seed N plays that one again, and -seeds N plays so many. A seed
// decides the scene, not how goroutines are scheduled: one that fails rarely is played with -count.
package simulation
