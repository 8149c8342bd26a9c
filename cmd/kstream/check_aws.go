package main

import (
	"context"
	"os"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/kstream/kstream/internal/awsclient"
)

// identityNames are who calls AWS: the identity that the SDK finds, and the roles that the source and the sink assume on top.
var identityNames = []string{"own", "source", "sink"}

// tryAWS tries every call of AWS that a run makes.
func (j *job) tryAWS(ctx context.Context, a *attempt) {
	source, sink := j.conf.Source, j.conf.Sink
	reads, letters := source.Kind == "kinesis", sink.DeadLetters.Kind == "kinesis"
	writes := sink.Kind == "kinesis" || letters
	glue := slices.Contains(j.registries, "glue")
	if reads || writes || glue {
		a.tryIdentity(ctx, awsclient.Config{Region: clientConfig(source, first(source.Streams)).Region})
	}
	who := "own"
	if source.RoleARN != "" && (reads || glue) {
		who = "source"
		a.tryRole(ctx, clientConfig(source, first(source.Streams)))
	}
	for _, name := range source.Streams {
		if !reads {
			break
		}
		p := &probe{subject: newSubject("stream " + name), identity: who, ref: name, c: clientConfig(source, name)}
		p.source = true
		if a.probeStream(ctx, p, readCalls...) {
			p.read(ctx)
		}
	}
	if glue {
		a.glue(who)
	}
	if writes {
		j.tryWrites(ctx, a)
	}
}

// tryWrites tries what the sink's and the dead letters' streams take.
func (j *job) tryWrites(ctx context.Context, a *attempt) {
	s, who := j.conf.Sink, "own"
	if s.RoleARN != "" {
		who = "sink"
		a.tryRole(ctx, sinkClientConfig(s, s.Stream))
	}
	calls := writeCalls
	if s.Aggregate {
		calls = append([]string{aggregateCall}, calls...)
	}
	write := func(kind, name string) {
		p := &probe{subject: newSubject(kind + " " + name), identity: who, ref: name, c: sinkClientConfig(s, name), writes: true}
		if a.probeStream(ctx, p, calls...) {
			p.write(ctx, s.Aggregate)
		}
	}
	if s.Kind == "kinesis" {
		write("sink's stream", s.Stream)
	}
	if s.DeadLetters.Kind == "kinesis" {
		write("dead letters' stream", s.DeadLetters.Name)
	}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// tryIdentity says who calls. A run needs no answer to that, so that none is no failure.
func (a *attempt) tryIdentity(ctx context.Context, c awsclient.Config) {
	cfg, err := awsclient.Load(ctx, c)
	if err != nil {
		return // whatever is read or written says so
	}
	emulated := kinesis.NewFromConfig(cfg).Options().BaseEndpoint != nil
	if emulated && os.Getenv("AWS_ENDPOINT_URL") == "" && os.Getenv("AWS_ENDPOINT_URL_STS") == "" {
		return // a server of Kinesis alone; the real STS does not know whom it takes
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return
	}
	a.add("own identity").Detail = aws.ToString(out.Arn)
}

// tryRole assumes the role of c.
func (a *attempt) tryRole(ctx context.Context, c awsclient.Config) {
	a.needs = append(a.needs, need{identity: "own", action: "sts:AssumeRole", resource: c.RoleARN})
	s := a.add("role " + c.RoleARN)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cfg, err := awsclient.Load(ctx, c)
	if err == nil {
		_, err = cfg.Credentials.Retrieve(ctx)
	}
	s.note("sts:AssumeRole", c.RoleARN, err)
}

// glueCall is the call of Glue that a run makes.
const glueCall = "GetSchemaVersion"

// glue notes what a chain needs that asks the Glue schema registry. Schemas are asked for by the number that a record names,
// which no policy can tell from others: AWS's own example for deserializers has all resources.
func (a *attempt) glue(who string) {
	n := need{identity: who, action: "glue:" + glueCall, resource: "*"}
	a.needs = append(a.needs, n)
	s := a.add("schema registry glue")
	s.Tries = append(s.Tries, attempted{n.action, n.resource, untried, "a record has to come that names a schema"})
}
