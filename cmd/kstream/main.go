// Command kstream reads Amazon Kinesis Data Streams, runs a chain of operators over the records, and writes them to
// stdout, a file or another stream.
//
// root.go has the tree of commands. Each command is a file of its name, and its parts are files whose names begin with it:
// lag.go has the flags of `kstream lag`, lag_table.go prints what it found. What commands share:
//
//   - job.go puts a run together out of a configuration: source.go, outputs.go and store.go open its parts, status.go,
//     telemetry.go and log.go show it, signal.go and departure.go end it.
//   - flags.go makes flags of variables; help*.go, complete*.go, man*.go and completion.go tell people and shells of them.
//   - mistake.go and missing_stream.go answer what was mistyped with what is near.
//   - tty.go, safe.go, picker.go and progress.go are for who sits at a terminal.
package main

import "os"

func main() { os.Exit(execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
