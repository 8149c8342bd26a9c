package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
)

const (
	// completionPatience is how long a person who has pressed Tab is kept waiting.
	completionPatience = 1500 * time.Millisecond
	// rememberFor is how long an answer is good for the next Tab, none at all too: where there is no network, only the first
	// Tab waits for one.
	rememberFor = 8 * time.Second
)

// asked answers what completion asks the service for. It says nothing of what fails: there is a half-typed command on screen.
type asked struct{ source config.Source }

func completionSource(c *cobra.Command) asked {
	conf, err := config.Load(config.Options{Flags: given(c), Defaults: terminalDefaults()})
	if err != nil {
		return asked{}
	}
	return asked{conf.Source}
}

func (a asked) streams(ctx context.Context) []string {
	return remembered("streams", a.source, func() ([]string, error) {
		ctx, cancel := context.WithTimeout(ctx, completionPatience)
		defer cancel()
		client, err := awsclient.New(ctx, clientConfig(a.source, ""))
		if err != nil {
			return nil, err
		}
		return streamNames(ctx, client)
	})
}

// shards returns the shards of a stream, each with what it is like behind a tab, as completions have it.
func (a asked) shards(ctx context.Context, stream string) []string {
	return remembered("shards of "+stream, a.source, func() ([]string, error) {
		ctx, cancel := context.WithTimeout(ctx, completionPatience)
		defer cancel()
		rows, err := listShards(ctx, clientConfig(a.source, stream), stream)
		var list []string
		for i := range rows {
			list = append(list, cobra.CompletionWithDesc(rows[i].Shard, rows[i].State+", "+percent(rows[i].Share)))
		}
		return list, err
	})
}

// remembrance is an answer as a file in the user's cache folder.
type remembrance struct {
	At   time.Time `json:"at"`
	List []string  `json:"list"`
}

// remembered returns the answer to a question, asked of the same account and region, that is not older than rememberFor, or
// asks. Where there is no cache folder each question is asked.
func remembered(question string, source config.Source, ask func() ([]string, error)) []string {
	path := rememberedAt(question, source)
	var known remembrance
	if text, err := os.ReadFile(path); err == nil && json.Unmarshal(text, &known) == nil {
		if age := time.Since(known.At); age >= 0 && age < rememberFor {
			return known.List
		}
	}
	list, err := ask()
	if err != nil {
		list = nil
	}
	if path != "" {
		remember(path, remembrance{time.Now(), list})
	}
	return list
}

// rememberedAt returns the file for a question, "" where there is no folder for it. Its name is a hash of the question and of
// what decides who answers: the SDK's variables, less the secrets, and the role.
func rememberedAt(question string, source config.Source) string {
	folder, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	parts := []string{question, source.RoleARN}
	for _, entry := range os.Environ() {
		if strings.HasPrefix(entry, "AWS_") && !strings.HasPrefix(entry, "AWS_SECRET") && !strings.HasPrefix(entry, "AWS_SESSION") {
			parts = append(parts, entry)
		}
	}
	slices.Sort(parts[2:])
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	const enough = 16 // bytes of the hash
	return filepath.Join(folder, "kstream", hex.EncodeToString(sum[:enough])+".json")
}

// remember writes an answer in one step, so that two shells don't read halves of it. That it can't be written costs the next
// Tab some time, and is not said.
func remember(path string, r remembrance) {
	text, err := json.Marshal(r)
	if err != nil || os.MkdirAll(filepath.Dir(path), 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(path), "*.new")
	if err != nil {
		return
	}
	_, err = f.Write(text)
	if closeErr := f.Close(); err != nil || closeErr != nil || os.Rename(f.Name(), path) != nil {
		_ = os.Remove(f.Name())
	}
}
