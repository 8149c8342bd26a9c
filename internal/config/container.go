package config

import (
	"os"
	"strconv"
	"strings"
)

// containerLimit returns the memory that the container may use, in bytes, 0 where there is no limit.
func containerLimit() int64 {
	for _, name := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		data, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		// cgroup v1 says "no limit" with a number near 2^63.
		if n, err := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64); err == nil && n > 0 && n < 1<<60 {
			return n
		}
	}
	return 0
}

// MemoryLimit returns what the Go runtime is to keep to: 90 % of the container's limit, 0 where there is none.
func MemoryLimit() int64 { return containerLimit() / 10 * 9 }

func defaultBuffer(limit int64) int {
	const most = 256 << 20
	if limit > 0 && limit/4 < most {
		return max(least, int(limit/4))
	}
	return most
}
