package operator

// keep a, b removes all but these fields, which stay in their order.
func compileKeep(b *builder, c *clause) {
	paths := b.paths(c)
	b.fields.need()
	b.fields.shape, b.fields.changed = b.fields.shape.Only(paths), true
	b.add(c, "keep "+listText(paths), nil)
}
