package syntax

import "testing"

// BenchmarkParse reads a filter as people write them, beside expr's parser.
func BenchmarkParse(b *testing.B) {
	const src = `status >= 500 && service not in ["health", "metrics"] && any(tags, # startsWith "team:") && (user.name ?? "nobody") != "root"`
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, faults := Parse(src); len(faults) > 0 {
				b.Fatal(faults)
			}
		}
	})
	b.Run("expr", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := reference(src); err != nil {
				b.Fatal(err)
			}
		}
	})
}
