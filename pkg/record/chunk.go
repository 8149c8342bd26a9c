package record

// Chunk is records on their way to an output: encoded and framed payloads, end to end in one buffer, as a file sink
// writes them in one call. The engine makes chunks and lends them to Write. One user at a time, no locks.
type Chunk struct {
	Body  []byte
	Items []Item
	// HashKeys say for some of Items, by index, where a stream puts them in the place of their keys: hash keys in decimal, "" for
	// the others. nil: the keys decide, as they do in all chunks of the engine.
	HashKeys []string
	// Partition is where all of the records came from; behind a key_by it is of no use. The bytes of its strings are owned.
	Partition *Partition

	keys []byte
}

// Item is one record of a chunk. Its bytes are the chunk's.
type Item struct {
	Data []byte // encoded and framed
	Key  []byte // the partition key to write it with, where the output has one
}

// Encoder appends something of record r of b to dst: its payload, encoded and framed, or its key. It keeps nothing. An
// error is the record's, which goes to the dead letters.
type Encoder func(dst []byte, b *Batch, r *Record) ([]byte, error)

// Encode appends r of b, as data and key (nil: no key) encode it, and returns the new item. On an error c is as it was.
func (c *Chunk) Encode(b *Batch, r *Record, data, key Encoder) (Item, error) {
	n, k := len(c.Body), len(c.keys)
	body, err := data(c.Body, b, r)
	if err != nil {
		return Item{}, err
	}
	item := Item{Data: body[n:len(body):len(body)]}
	if key != nil {
		keys, err := key(c.keys, b, r)
		if err != nil {
			return Item{}, err
		}
		c.keys, item.Key = keys, keys[k:len(keys):len(keys)]
	}
	c.Body, c.Items = body, append(c.Items, item)
	return item, nil
}

// DropLast takes back the item that the last Encode added.
func (c *Chunk) DropLast() {
	last := c.Items[len(c.Items)-1]
	c.Items = c.Items[:len(c.Items)-1]
	c.Body, c.keys = c.Body[:len(c.Body)-len(last.Data)], c.keys[:len(c.keys)-len(last.Key)]
}

// Reset empties c and keeps its memory.
func (c *Chunk) Reset() {
	clear(c.Items)
	c.Body, c.keys, c.Items, c.Partition = c.Body[:0], c.keys[:0], c.Items[:0], nil
}
