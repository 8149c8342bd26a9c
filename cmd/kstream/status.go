package main

import (
	"cmp"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/status"
)

// statusPage returns the server of the job's health, metrics and status page.
func (j *job) statusPage() *status.Server {
	return status.New(status.Config{
		Version: buildVersion(), Chain: j.plan.Written(), Targets: j.targets(), Interval: j.conf.Run.CheckpointInterval, Letters: j.letters,
	}, j.current, j.metrics, j.registry, j.logs.sampled)
}

// targets says where the outputs write, by their names.
func (j *job) targets() map[string]string {
	s := j.conf.Sink
	targets := map[string]string{s.Kind: ""}
	switch s.Kind {
	case "file":
		targets[s.Kind] = s.File.Path
	case "kinesis":
		targets[s.Kind] = config.StreamName(s.Stream)
	}
	targets[deadLettersName] = cmp.Or(config.StreamName(s.DeadLetters.Name), s.DeadLetters.Kind)
	return targets
}
