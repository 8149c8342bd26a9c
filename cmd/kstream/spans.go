package main

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

// spans are how far before the end the newest records are looked for, one after the other until there are enough; behind them
// all comes the oldest. A step is about eight times the one before, so that what is read twice is little beside the last.
var spans = []time.Duration{
	2 * time.Second, 15 * time.Second, 2 * time.Minute, 15 * time.Minute, 2 * time.Hour, 16 * time.Hour, 5 * 24 * time.Hour, 40 * 24 * time.Hour,
}

// betweenSpans keeps the iterators that each span asks for under half of the five a second that a shard gives.
const betweenSpans = 400 * time.Millisecond

// everything is the span that begins at the oldest.
const everything time.Duration = 0

// spansWithin returns those of spans that are shorter than reach, and everything behind them.
func spansWithin(reach time.Duration) (list []time.Duration) {
	for _, span := range spans {
		if span < reach {
			list = append(list, span)
		}
	}
	return append(list, everything)
}

// reach returns how far back the records of the streams that are read may go, by their age and retention; where a stream does
// not say it, as far as any stream's.
func (j *job) reach(ctx context.Context) time.Duration {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	longest := time.Duration(0)
	for _, stream := range j.conf.Source.Streams {
		client, err := j.client(ctx, stream)
		if err != nil {
			return longestRetention
		}
		name, arn := streamTarget(stream)
		out, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: name, StreamARN: arn})
		if err != nil || out.StreamDescriptionSummary == nil {
			return longestRetention // whoever reads the stream says what is wrong
		}
		s := out.StreamDescriptionSummary
		age := time.Since(aws.ToTime(s.StreamCreationTimestamp))
		longest = max(longest, min(age, time.Duration(aws.ToInt32(s.RetentionPeriodHours))*time.Hour))
	}
	return longest
}
