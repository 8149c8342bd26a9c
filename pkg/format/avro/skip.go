package avro

// skip passes the value of type n that comes next, and refuses just what reading it would.
func (c *cursor) skip(n *node, depth int) (err error) {
	switch n.kind {
	case boolean:
		_, err = c.boolean()
	case integer:
		_, err = c.int()
	case long:
		_, err = c.long()
	case float:
		_, err = c.take(4)
	case double:
		_, err = c.take(8)
	case text:
		_, err = c.bytes()
	case blob, fixed:
		if n.logical == decimal || n.logical == bigDecimal {
			_, _, err = c.unscaled(n)
			return err
		}
		_, err = c.raw(n)
	case enum:
		_, err = c.choice(len(n.symbols), "symbol")
	case union:
		if n, err = n.choose(c); err == nil {
			err = c.skip(n, depth)
		}
	case array, mapping, object:
		if depth++; depth > maxDepth {
			return c.fault(c.at, tooDeep)
		}
		return c.skipInside(n, depth)
	}
	return err
}

func (c *cursor) skipInside(n *node, depth int) error {
	if n.kind == object {
		for i := range n.fields {
			if f := &n.fields[i]; !f.node.empty {
				if err := c.skip(f.node, depth); err != nil {
					return within(f.name, err)
				}
			}
		}
		return nil
	}
	for {
		count, err := c.block(n)
		if err != nil || count == 0 {
			return err
		}
		for ; count > 0; count-- {
			if n.kind == mapping {
				if _, err := c.bytes(); err != nil {
					return err
				}
			}
			if n.items.empty {
				continue
			}
			if err := c.skip(n.items, depth); err != nil {
				return err
			}
		}
	}
}
