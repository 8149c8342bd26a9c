// Package quantity writes spans, counts and sizes as people read them: in few characters, with what matters.
package quantity

import (
	"fmt"
	"math"
	"strconv"
)

// Span writes seconds with the two units that matter: 4d3h, 2h5m, 3m20s, 12s, 0.4s. What is over is below 0.
func Span(seconds float64) string {
	sign := ""
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	n := int64(math.Round(seconds))
	switch {
	case seconds < 9.95:
		return fmt.Sprintf("%s%.1fs", sign, seconds)
	case n < 60:
		return fmt.Sprintf("%s%ds", sign, n)
	case n < 3600:
		return fmt.Sprintf("%s%dm%ds", sign, n/60, n%60)
	case n < 86400:
		return fmt.Sprintf("%s%dh%dm", sign, n/3600, n%3600/60)
	}
	return fmt.Sprintf("%s%dd%dh", sign, n/86400, n%86400/3600)
}

// Count writes a number that is not below 0: 0, 0.3, 17, 1234, 56.7k, 1.2M. What is hardly more than nothing is <0.1.
func Count(n float64) string {
	switch {
	case n == 0:
		return "0"
	case n < 0.05:
		return "<0.1"
	case n < 9.95:
		return scaled(n, "")
	case n < 9999.5:
		return strconv.FormatFloat(n, 'f', 0, 64)
	}
	return steps(n, 1000, []string{"", "k", "M", "G", "T"})
}

// Bytes writes a size in powers of 1024: 512 B, 1.5 KiB, 256 MiB.
func Bytes(n float64) string {
	return steps(n, 1024, []string{" B", " KiB", " MiB", " GiB", " TiB"})
}

// steps writes n with the largest unit of which there is at least one.
func steps(n, step float64, units []string) string {
	for i, unit := range units {
		if n < step*0.9995 || i == len(units)-1 {
			if i == 0 {
				return strconv.FormatFloat(n, 'f', 0, 64) + unit
			}
			return scaled(n, unit)
		}
		n /= step
	}
	return ""
}

// scaled writes one decimal where it says something.
func scaled(n float64, unit string) string {
	decimals := 1
	if n >= 99.95 || n == math.Trunc(n) {
		decimals = 0
	}
	return strconv.FormatFloat(n, 'f', decimals, 64) + unit
}
