package parquet

import (
	pq "github.com/parquet-go/parquet-go"
)

// boundsBytes is up to which size of their values columns of text say what their smallest and largest one are. The end of
// the file holds them whole, for each row group: of large values it would be as large as the file, and be read first.
const boundsBytes = 256

// unbounded is the type of a column that doesn't say its bounds. Its pages' index says that they hold anything between the
// empty text and what no UTF-8 reaches: the library by itself leaves both empty, by which readers pass over pages that they
// need.
type unbounded struct{ pq.Type }

// NewColumnIndexer implements parquet.Type.
func (u unbounded) NewColumnIndexer(sizeLimit int) pq.ColumnIndexer {
	return anything{u.Type.NewColumnIndexer(sizeLimit)}
}

type anything struct{ pq.ColumnIndexer }

// IndexPage implements parquet.ColumnIndexer.
func (a anything) IndexPage(values, nulls int64, _, _ pq.Value) {
	if values == nulls {
		a.ColumnIndexer.IndexPage(values, nulls, pq.Value{}, pq.Value{})
		return
	}
	a.ColumnIndexer.IndexPage(values, nulls, pq.ByteArrayValue(nil), pq.ByteArrayValue([]byte{0xff}))
}

// bounded reports whether the column says its bounds. Those of JSON are of no use.
func (c *column) bounded() bool {
	return c.form != asJSON && (c.form != asString || c.longest <= boundsBytes)
}
