// Command bench measures what it costs to keep up with a stream: kstream's processor time for reading, filtering, mapping
// and writing, beside (a) a loop over the stock SDK and (b) a program that reads the HTTP bodies and looks at nothing.
// Ratios between these hold on other machines; the numbers themselves do not. docs/performance.md says more.
package main

import "os"

func main() { os.Exit(execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
