package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/config"
)

// checkOptions are the flags that only check has.
type checkOptions struct {
	output  string
	all     bool
	policy  string
	records int
	input   string
}

func newCheck(t *terminal) *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use:   "check",
		Short: "Find what would go wrong before the first record: configuration, chain, permissions",
		Long: `Tells what is set and from where, what the chain is, tries what a run would do as far as that can be tried without changing
anything, says what it costs beside reading, and prints the smallest IAM policy for just this configuration. It takes no lock,
keeps nothing and writes nothing: what only a write would show is said to be untried.

With --records, the newest records (or those from FROM, or the lines of --input) go through the chain, and it shows what each stage
did to each of them, and why; cost and policy are left out then. Exit status 2: the configuration or the chain is wrong; 3: something that was tried failed.`,
		Example: `  KSTREAM_STREAM=logs KSTREAM_OPERATORS='filter status >= 500' kstream check --records 20
  kstream check --stream logs --input sample.jsonl --filter 'status >= 500'
  kstream check --policy > policy.json`,
		Args: o.args,
	}
	describeJob(t, c, func(ctx context.Context, j *job) error {
		ctx, done := context.WithCancel(ctx)
		defer done()
		defer context.AfterFunc(t.stop, done)()
		return j.check(ctx, t, &o)
	})
	f := c.Flags()
	choiceFlag(f, &o.output, "output", "o", "table", "how it is printed; wide: with every variable and ARN", "table", "wide", "json")
	f.BoolVar(&o.all, "all", false, "the same as -o wide")
	f.IntVar(&o.records, "records", 0, "show what the chain does to so many records: the newest, or those from FROM")
	f.StringVar(&o.input, "input", "", "take the records from the lines of this file, or - for standard input")
	choiceFlag(f, &o.policy, "policy", "", "", "print the IAM policy only, as JSON: that of the own identity, or of the role of source or sink",
		identityNames...)
	f.Lookup("policy").NoOptDefVal = identityNames[0]
	return c
}

// args takes the word behind a --policy that has no =: what a flag's value may leave out is not looked for there.
func (o *checkOptions) args(c *cobra.Command, args []string) error {
	if o.policy != identityNames[0] || len(args) != 1 {
		return atMost(0)(c, args)
	}
	if err := c.Flags().Set("policy", args[0]); err != nil {
		return wrong(flagError(c, err))
	}
	return nil
}

// checkReport is all that check finds.
type checkReport struct {
	Configuration []shownSetting   `json:"configuration"`
	Chain         []string         `json:"chain"`
	Tried         []*subject       `json:"tried"`
	Costs         []cost           `json:"costs"`
	Policies      []identityPolicy `json:"policies"`
	Records       *tracedRecords   `json:"records,omitempty"`
}

// check tells what is set and from where, what the chain is, and tries what can be tried without writing anything.
func (j *job) check(ctx context.Context, t *terminal, o *checkOptions) error {
	if o.records < 0 || o.records > mostSamples {
		return wrong(fmt.Errorf("--records can't be %d: it is 1 to %d, which are held in memory", o.records, mostSamples))
	}
	if o.all && o.output == "table" {
		o.output = "wide"
	}
	text := o.output != "json" && o.policy == ""
	report := &checkReport{Configuration: j.settings(o.output != "table"), Chain: j.plan.Describe()}
	if text {
		writeSettings(t.out, report.Configuration)
		writeChain(t.out, report.Chain, j.plan.Labels())
	}
	a := j.attempt(ctx)
	if o.policy != "" {
		return a.writePolicy(t.out, o.policy)
	}
	report.Tried, report.Policies, report.Costs = a.subjects, a.policies(), j.costs(ctx, a)
	if text {
		writeTried(t.out, report.Tried, o.output == "wide")
	}
	err := a.failed()
	switch records := o.records > 0 || o.input != ""; {
	case records:
		err = errors.Join(err, j.checkRecords(ctx, t, o, report))
	case text:
		writeCosts(t.out, report.Costs)
		writePolicies(t.out, report.Policies)
	}
	if o.output != "json" {
		return err
	}
	enc := json.NewEncoder(t.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return errors.Join(enc.Encode(report), err)
}

// lookingShare is READ_SHARE's default where a person looks round: the run that is at work there keeps its half.
const lookingShare = 0.5

// checkRecords shows what the chain does to a few records.
func (j *job) checkRecords(ctx context.Context, t *terminal, o *checkOptions, report *checkReport) error {
	if err := report.reads(j.conf.Source, o.input); err != nil {
		return err
	}
	if !j.conf.Values["READ_SHARE"].Set() {
		j.conf.Source.ReadShare = lookingShare
	}
	tr, notes, err := j.traced(ctx, t, o)
	if err != nil {
		return fmt.Errorf("running the chain on records: %w", err)
	}
	report.Records = tracedOf(tr, notes)
	if o.output != "json" {
		writeTrace(t.out, tr, notes)
	}
	return nil
}

// reads says why the source can't be read, where a trial has shown that: reading would try for a minute.
func (r *checkReport) reads(s config.Source, input string) error {
	if input != "" || s.Kind != "kinesis" {
		return nil
	}
	for _, tried := range r.Tried {
		if tried.source && tried.fails() {
			return errors.New("no records are shown, since the source can't be read (--input FILE tries the chain without it)")
		}
	}
	return nil
}
