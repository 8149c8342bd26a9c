package format

import "github.com/kstream/kstream/internal/bytescan"

// skipString passes a string: most of a document is in them.
func skipString(data []byte, i int) (int, error) {
	for i++; ; {
		i += bytescan.Unquoted(data[i:])
		switch {
		case i >= len(data):
			return i, fault(i, truncated)
		case data[i] == '"':
			return i + 1, nil
		case data[i] == '\\':
			n, err := skipEscape(data, i)
			if err != nil {
				return i, err
			}
			i = n
		default:
			return i, fault(i, "a bare control character in a string")
		}
	}
}

func skipEscape(data []byte, i int) (int, error) {
	if i+1 >= len(data) {
		return i, fault(len(data), truncated)
	}
	switch data[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2, nil
	case 'u':
		for k := i + 2; k < i+6; k++ {
			if k >= len(data) {
				return i, fault(k, truncated)
			}
			if hexDigit(data[k]) < 0 {
				return i, fault(i, "a broken \\u escape")
			}
		}
		return i + 6, nil
	}
	return i, fault(i, "an unknown escape in a string")
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
