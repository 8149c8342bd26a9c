package kinesislocal

import (
	"slices"
	"strings"
)

type listStreamsInput struct {
	ExclusiveStartStreamName string
	Limit                    *int
	NextToken                string
}

type streamListing struct {
	StreamName              string
	StreamARN               string
	StreamStatus            string
	StreamCreationTimestamp timestamp
	StreamModeDetails       modeShape
}

type listStreamsOutput struct {
	StreamNames     []string
	StreamSummaries []streamListing
	HasMoreStreams  bool
	NextToken       string `json:",omitempty"`
}

// listedStreams is how many streams a page has unless Limit says less or more.
const listedStreams = 100

func (c *call) listStreams(in *listStreamsInput) (any, error) {
	var found checks
	found.name("exclusiveStartStreamName", in.ExclusiveStartStreamName)
	found.between("limit", in.Limit, 1, 10_000)
	if err := found.err(); err != nil {
		return nil, err
	}
	after, limit := in.ExclusiveStartStreamName, listedStreams
	if in.NextToken != "" {
		token, ok := parseIterator(in.NextToken)
		if !ok {
			return nil, invalidArgument("Invalid NextToken.")
		}
		if c.now > token.issued.add(tokenLife) {
			return nil, expiredToken()
		}
		after = token.stream
	}
	if in.Limit != nil {
		limit = *in.Limit
	}
	streams := c.server.all(c.now)
	slices.SortFunc(streams, func(a, b *stream) int { return strings.Compare(a.name, b.name) })
	out := listStreamsOutput{StreamNames: []string{}, StreamSummaries: []streamListing{}}
	for _, st := range streams {
		if st.name <= after {
			continue
		}
		if len(out.StreamNames) == limit {
			out.HasMoreStreams = true
			out.NextToken = iterator{stream: out.StreamNames[limit-1], issued: c.now}.String()
			break
		}
		st.mu.RLock()
		out.StreamNames = append(out.StreamNames, st.name)
		out.StreamSummaries = append(out.StreamSummaries,
			streamListing{st.name, st.arn, st.status, timestamp(st.created), modeShape{st.mode}})
		st.mu.RUnlock()
	}
	return out, nil
}

func expiredToken() error {
	return refuse("ExpiredNextTokenException", "The NextToken is only valid for %v.", tokenLife)
}
