package kinesis

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

// suggest adds the name to an error "not found" that the user may have meant.
func (st *stream) suggest(ctx context.Context, err error) error {
	if classify(err) != gone {
		return err
	}
	if name := nearest(st.name, st.names(ctx)); name != "" {
		return fmt.Errorf("%w (there is a stream %q)", err, name)
	}
	return err
}

// names returns the names of the first streams there are: as many as can be had without being asked to wait, or none.
func (st *stream) names(ctx context.Context) []string {
	const calls, perCall = 3, 1000 // the service allows 5 calls a second
	var names []string
	in := kinesis.ListStreamsInput{Limit: aws.Int32(perCall)}
	for range calls {
		out, err := st.client.ListStreams(ctx, &in, once)
		if err != nil {
			break // it is only a hint
		}
		names = append(names, out.StreamNames...)
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			break
		}
	}
	return names
}

// nearest returns the name that takes the fewest edits to get to from name, if those are few; else "".
func nearest(name string, names []string) string {
	best, least := "", len(name)/3+1
	for _, other := range names {
		if d := edits(name, other); d <= least && other != name {
			best, least = other, d-1
		}
	}
	return best
}

// edits is the Levenshtein distance of a and b in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
