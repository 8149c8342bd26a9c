package kinesislocal

import (
	"encoding/base64"
	"encoding/binary"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// page is what GetRecords answers. It is encoded by hand, into one buffer: everything else that the server does together
// costs less.
type page struct {
	shard    *shard
	runs     []run
	count    int
	bytes    int
	next     string // NextShardIterator; "": the shard has ended
	children []childShape
	behind   millis // MillisBehindLatest
}

// each calls f with every record, its sequence number and its arrival. number is f's until it returns.
func (p *page) each(f func(number, key, data []byte, arrival millis)) {
	var digits [sequenceDigits]byte
	for _, r := range p.runs {
		for i := r.from; i < r.to; i++ {
			arrival := r.entries[i].arrival
			number := p.shard.sequence(r.first+uint64(i), arrival).append(digits[:0])
			key, data := r.record(i)
			f(number, key, data, arrival)
		}
	}
}

// buffer returns an empty buffer of at least n bytes. It goes back to the pool when it has been sent.
func buffer(n int) []byte {
	b := *buffers.Get().(*[]byte)
	if cap(b) < n {
		b = make([]byte, 0, n)
	}
	return b[:0]
}

// What a page's parts come to at most, beside keys and payloads: names, digits, an iterator.
const (
	pageOverhead   = 2048
	childOverhead  = 512
	recordOverhead = 192
)

func (jsonCodec) page(p *page) []byte {
	b := buffer(pageOverhead + childOverhead*len(p.children) + p.count*recordOverhead + p.bytes*4/3)
	b = append(b, `{"Records":[`...)
	n := 0
	p.each(func(number, key, data []byte, arrival millis) {
		if n++; n > 1 {
			b = append(b, ',')
		}
		b = append(append(b, `{"SequenceNumber":"`...), number...)
		b = appendSeconds(append(b, `","ApproximateArrivalTimestamp":`...), arrival)
		b = base64.StdEncoding.AppendEncode(append(b, `,"Data":"`...), data)
		b, _ = jsontext.AppendQuote(append(b, `","PartitionKey":`...), key) // keys were valid UTF-8 when they came in
		b = append(b, '}')
	})
	b = strconv.AppendInt(append(b, `],"MillisBehindLatest":`...), int64(p.behind), 10)
	if p.next != "" {
		b = append(append(append(b, `,"NextShardIterator":"`...), p.next...), '"')
	}
	if len(p.children) > 0 {
		children, err := jsonCodec{}.encode(p.children)
		if err != nil {
			panic(err) // strings of digits
		}
		b = append(append(b, `,"ChildShards":`...), children...)
	}
	return append(b, '}')
}

// appendSeconds writes t as the service does: seconds with three digits of fraction.
func appendSeconds(b []byte, t millis) []byte {
	if t < 0 {
		b, t = append(b, '-'), -t
	}
	b = strconv.AppendInt(b, int64(t)/1000, 10)
	ms := t % 1000
	return append(b, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
}

// The major types of CBOR, as the upper bits of a first byte.
const (
	cborUint  = 0 << 5
	cborBytes = 2 << 5
	cborText  = 3 << 5
	cborArray = 4 << 5
	cborMap   = 5 << 5
	cborEpoch = 6<<5 | 1
)

func (cborCodec) page(p *page) []byte {
	b := buffer(pageOverhead + childOverhead*len(p.children) + p.count*recordOverhead + p.bytes)
	members := uint64(2)
	if p.next != "" {
		members++
	}
	if len(p.children) > 0 {
		members++
	}
	b = cborName(cborHead(b, cborMap, members), "Records")
	b = cborHead(b, cborArray, uint64(p.count))
	p.each(func(number, key, data []byte, arrival millis) {
		b = cborName(cborHead(b, cborMap, 4), "SequenceNumber")
		b = append(cborHead(b, cborText, uint64(len(number))), number...)
		b = append(cborName(b, "ApproximateArrivalTimestamp"), cborEpoch)
		b = cborName(cborHead(b, cborUint, uint64(arrival)), "Data")
		b = cborName(append(cborHead(b, cborBytes, uint64(len(data))), data...), "PartitionKey")
		b = append(cborHead(b, cborText, uint64(len(key))), key...)
	})
	b = cborHead(cborName(b, "MillisBehindLatest"), cborUint, uint64(p.behind))
	if p.next != "" {
		b = cborName(cborName(b, "NextShardIterator"), p.next)
	}
	if len(p.children) > 0 {
		children, err := cborCodec{}.encode(p.children)
		if err != nil {
			panic(err) // strings of digits
		}
		b = append(cborName(b, "ChildShards"), children...)
	}
	return b
}

func cborName(b []byte, name string) []byte {
	return append(cborHead(b, cborText, uint64(len(name))), name...)
}

func cborHead(b []byte, major byte, n uint64) []byte {
	switch {
	case n < 24:
		return append(b, major|byte(n))
	case n < 1<<8:
		return append(b, major|24, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, major|25), uint16(n))
	case n < 1<<32:
		return binary.BigEndian.AppendUint32(append(b, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, major|27), n)
}
