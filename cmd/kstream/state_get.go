package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// entryRow is what is shown of one entry.
type entryRow struct {
	Stage  string          `json:"stage"`
	Window *time.Time      `json:"window,omitempty"`
	Key    json.RawMessage `json:"key"`
	Group  uint8           `json:"key_group"`
	Bytes  int             `json:"bytes"`
	Value  json.RawMessage `json:"value,omitempty"` // not where a stage between makes what the stages with state need
}

func newStateGet(t *terminal) *cobra.Command {
	return &cobra.Command{
		Use:   "get KEY",
		Short: "Show what is kept for a key, a JSON object for each stage and window",
		Long: `KEY is the key's value, or a JSON list of the values where key_by has several; [] where the whole stream is one key. What dedupe
keeps is found by its value, by its key, and by the list of both.`,
		Example: `  kstream state get checkout --state-dir /var/lib/kstream
  kstream state get '["eu",3]' --state-dir /var/lib/kstream`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return wrong(errors.New("which key? Such as: kstream state get checkout --state-dir DIR"))
			}
			return atMost(1)(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			return useState(c, t, toRead, func(k *kept) error {
				found, err := k.print(json.NewEncoder(t.out), args[0])
				if err == nil && !found {
					err = fmt.Errorf("nothing is kept for the key %s in %s", args[0], k.dir)
				}
				return err
			})
		},
	}
}

// print writes the entries of a key. It looks at all there are: a key group does not follow from how a key is printed.
func (k *kept) print(out *json.Encoder, key string) (found bool, err error) {
	it, err := k.disk.Scan(state.All())
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	stages := keyedStages(k.last.Chain)
	values := k.values()
	for it.Next() {
		place, notEntry := state.ParseKey(it.Key())
		if notEntry != nil {
			continue
		}
		stage, holds := stageOf(stages, place.Table)
		if !holds {
			continue
		}
		names, err := keyValues(place)
		if err != nil {
			return found, err
		}
		if !isKey(key, names, stage.kind) {
			continue
		}
		found = true
		row := entryRow{Stage: stage.text, Key: keyJSON(names), Group: place.Group, Bytes: len(it.Value())}
		_, row.Window = stage.window(place.Bucket)
		if row.Value, err = values(place, it.Value()); err != nil {
			return found, fmt.Errorf("reading what %s has for the key %s: %w", stage.text, row.Key, err)
		}
		if err := out.Encode(row); err != nil {
			return found, err
		}
	}
	return found, nil
}

// values returns what tells the value of an entry, as JSON; nil where the saved stages alone don't tell.
func (k *kept) values() func(p state.Place, data []byte) (json.RawMessage, error) {
	known, err := operator.OpenKept(k.last.Chain)
	if err != nil {
		return func(state.Place, []byte) (json.RawMessage, error) { return nil, nil }
	}
	return func(p state.Place, data []byte) (json.RawMessage, error) {
		shown, _, err := known.Append(nil, p.Table, p.Bucket, data)
		return shown, err
	}
}

// isKey reports whether an entry is meant by key: dedupe's keys are those of key_by and the value.
func isKey(key string, values []record.Value, kind stageKind) bool {
	if keyText(values) == key || string(keyJSON(values)) == key {
		return true
	}
	last := len(values) - 1
	return kind == dedupeStage && last > 0 && (keyText(values[:last]) == key || keyText(values[last:]) == key)
}
