package kinesislocal

import "fmt"

type putRecordsInput struct {
	streamRef
	Records []putEntry
	DryRun  bool
}

type putRecordsOutput struct {
	FailedRecordCount int
	Records           []putResult
}

// putResult is what became of one record: the first two members, or the last two.
type putResult struct {
	ShardId        string `json:",omitempty"`
	SequenceNumber string `json:",omitempty"`
	ErrorCode      string `json:",omitempty"`
	ErrorMessage   string `json:",omitempty"`
}

const (
	putRecordsMost  = 500
	putRecordsBytes = 10 << 20
)

func (in *putRecordsInput) check() error {
	var found checks
	switch n := len(in.Records); {
	case in.Records == nil:
		found.required("records", false)
	case n == 0:
		found.fail("records", "[]", "Member must have length greater than or equal to 1")
	case n > putRecordsMost:
		found.fail("records", fmt.Sprintf("[%d records]", n), "Member must have length less than or equal to 500")
	}
	bytes := 0
	for i := range in.Records {
		in.Records[i].check(&found, entryName(i))
		bytes += len(in.Records[i].Data) + len(in.Records[i].PartitionKey)
	}
	if err := found.err(); err != nil {
		return err
	}
	if bytes > putRecordsBytes {
		return invalidArgument("Records size exceeds 10 MB limit")
	}
	return nil
}

func entryName(i int) string { return fmt.Sprintf("records.%d.member.", i+1) }

func (c *call) putRecords(in *putRecordsInput) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	st, err := c.stream(&in.streamRef, new(checks))
	if err != nil {
		return nil, err
	}
	hashes := make([]hashKey, len(in.Records))
	for i := range in.Records {
		if hashes[i], err = in.Records[i].hash(); err != nil {
			return nil, err
		}
	}
	defer c.server.makeRoom(c.now) // behind the lock
	st.mu.RLock()
	defer st.mu.RUnlock()
	if err := st.readable(); err != nil {
		return nil, err
	}
	var found checks
	for i := range in.Records {
		in.Records[i].fits(&found, entryName(i), st)
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	if in.DryRun {
		return nil, errDryRun()
	}
	out := putRecordsOutput{Records: make([]putResult, len(in.Records))}
	for i := range in.Records {
		out.Records[i] = c.putOne(st, &in.Records[i], hashes[i])
		if out.Records[i].ErrorCode != "" {
			out.FailedRecordCount++
		}
	}
	return out, nil
}

// putOne writes one record of several, or says why not. The stream's lock is held for reading.
func (c *call) putOne(st *stream, e *putEntry, h hashKey) putResult {
	s := c.server
	sh := st.open[st.place(h)]
	if err := s.faults.entry(Call{Operation: EntryOperation, Stream: st.name, Shard: sh.name()}); err != nil {
		return putResult{ErrorCode: err.Code, ErrorMessage: err.Message}
	}
	if !sh.admit(s.config.Limits, len(e.Data)+len(e.PartitionKey), c.now) {
		err := throttled(sh.name(), st.name, s.config.Account)
		return putResult{ErrorCode: err.Code, ErrorMessage: err.Message}
	}
	number := st.put(sh, e.PartitionKey, e.Data, c.now)
	return putResult{ShardId: sh.name(), SequenceNumber: number.String()}
}
