package operator

import (
	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/accesslog"
	"github.com/kstream/kstream/pkg/format/cbor"
	"github.com/kstream/kstream/pkg/format/cloudwatch"
	"github.com/kstream/kstream/pkg/format/dynamodb"
	"github.com/kstream/kstream/pkg/format/msgpack"
	"github.com/kstream/kstream/pkg/format/parquet"
	"github.com/kstream/kstream/pkg/format/syslog"
)

// Formats that say themselves what is in them.

var (
	decodeSyslog   = decoding{transcode: func() format.Transcoder { return syslog.New() }}
	decodeAccess   = decoding{transcode: func() format.Transcoder { return accesslog.New() }}
	decodeDynamoDB = decoding{transcode: func() format.Transcoder { return dynamodb.Transcoder{} }}
	decodeMsgpack  = decoding{
		transcode: func() format.Transcoder { return msgpack.Transcoder{} },
		fields:    func(p *format.Projection) format.FieldReader { return msgpack.NewFieldReader(p) },
	}
	decodeCBOR = decoding{
		transcode: func() format.Transcoder { return &cbor.Transcoder{} },
		fields:    func(p *format.Projection) format.FieldReader { return cbor.NewFieldReader(p) },
	}

	decodeCloudwatchLogs = decoding{split: func() format.Splitter { return cloudwatch.New(cloudwatch.Config{}) }}

	cloudwatchOptions = map[string]string{"text": ""}
)

// decodeCloudwatch plans `cloudwatch_logs`, a record of each log event; with `, text` messages that are JSON stay text.
func decodeCloudwatch(b *builder, c *clause, rest span, o options) (how decoding, ok bool) {
	if how = decodeCloudwatchLogs; o.has("text") {
		how.split = func() format.Splitter { return cloudwatch.New(cloudwatch.Config{TextMessages: true}) }
	}
	return how, b.nothing(c, rest)
}

func encodeMsgpack(b *builder, c *clause, rest span, _ options) (open func() format.Transcriber, ok bool) {
	return func() format.Transcriber { return &msgpack.Transcriber{} }, b.nothing(c, rest)
}

// encodeParquet plans `parquet`: what goes out are the rows that the sink makes files of.
func encodeParquet(b *builder, c *clause, rest span, _ options) (open func() format.Transcriber, ok bool) {
	b.plan.container = "parquet"
	return func() format.Transcriber { return parquet.Rows{} }, b.nothing(c, rest)
}
