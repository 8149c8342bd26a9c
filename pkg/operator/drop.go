package operator

// drop a, b removes fields. Every other byte of the record stays as it is.
func compileDrop(b *builder, c *clause) {
	paths := b.paths(c)
	b.fields.need()
	for _, path := range paths {
		b.fields.shape = b.fields.shape.Without(path)
	}
	b.fields.changed = true
	b.add(c, "drop "+listText(paths), nil)
}
