// Command bench measures what it costs to keep up with a stream: kstream's processor time for reading, filtering, mapping,
// counting and writing, beside (a) loops over the stock SDK and (b) a program that reads the HTTP bodies and looks at
// nothing. Ratios between these hold on other machines; the numbers themselves do not. `bench live` measures what it takes
// to hold more keys than memory. docs/performance.md says more.
package main

import "os"

func main() { os.Exit(execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
