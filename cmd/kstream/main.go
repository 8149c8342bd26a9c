// Command kstream reads Amazon Kinesis Data Streams, runs a chain of operators over the records, and writes them to
// stdout, a file or another stream.
package main

import "os"

func main() { os.Exit(execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
