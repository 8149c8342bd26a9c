package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
)

// filledServer returns a server with 2,500 events in two shards: several of the bare reader's pages.
func filledServer(t *testing.T) (*kinesislocal.Server, filled) {
	t.Helper()
	server := kinesistest.Listen(t, kinesislocal.Config{Limits: &kinesislocal.Limits{}})
	f, err := fill(server, &settings{bytes: 2500 * eventBytes, shards: 2})
	if err != nil {
		t.Fatal(err)
	}
	return server, f
}

// TestSDKLoopReadsEverything holds the loop's lines against what the server has.
func TestSDKLoopReadsEverything(t *testing.T) {
	server, _ := filledServer(t)
	records, err := server.Records(inStream)
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	for _, r := range records {
		lines.Write(append(r.Data[:len(r.Data):len(r.Data)], '\n'))
	}
	want, err := digestOf(&lines, "raw")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x")
	var out bytes.Buffer
	if err := readWithSDK(t.Context(), &settings{url: server.URL(), stream: inStream, file: path, as: "raw"}, nil, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := digestOf(file, "raw"); err != nil || got != want {
		t.Errorf("the loop wrote %v (%v), the stream has %v", got, err, want)
	}
	var m memory
	if err := json.Unmarshal(out.Bytes(), &m); err != nil || m.Mallocs == 0 {
		t.Errorf("the loop said %q of its memory (%v)", &out, err)
	}
}

// TestSDKLoopsCount holds what the loops count against what is made of the lines.
func TestSDKLoopsCount(t *testing.T) {
	server, f := filledServer(t)
	path := filepath.Join(t.TempDir(), "x")
	made := map[string]digest{}
	for _, as := range []string{"raw", "count", "p99"} {
		if err := readWithSDK(t.Context(), &settings{url: server.URL(), stream: inStream, file: path, as: as}, nil, io.Discard, io.Discard); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if as == "raw" {
			for _, of := range []string{"count", "p99"} {
				if made[of], err = digestOf(bytes.NewReader(text), of); err != nil {
					t.Fatal(err)
				}
			}
			continue
		}
		got, err := digestOf(bytes.NewReader(text), "raw")
		if err != nil || got.Lines != made[as].Lines {
			t.Errorf("the loop that makes %s wrote %d lines (%v), want %d", as, got.Lines, err, made[as].Lines)
		}
		if as == "count" && got != made[as] {
			t.Errorf("the loop counted %v, want %v", got, made[as])
		}
	}
	if made["p99"].Lines != f.Records {
		t.Errorf("%d devices in %d events, which are to have one each", made["p99"].Lines, f.Records)
	}
}

func TestBareReader(t *testing.T) {
	server, f := filledServer(t)
	path := filepath.Join(t.TempDir(), "x")
	before := server.Calls("GetRecords")
	s := &settings{url: server.URL(), stream: inStream, file: path, output: f.Bytes}
	if err := readBodies(t.Context(), s, nil, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Size() != f.Bytes {
		t.Errorf("it wrote %d bytes (%v), want %d", info.Size(), err, f.Bytes)
	}
	if calls := server.Calls("GetRecords") - before; calls < 3 {
		t.Errorf("it made %d calls for %d records: it has not read on", calls, f.Records)
	}
	s.output = 2 * f.Bytes
	if err := readBodies(t.Context(), s, nil, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "short of") {
		t.Errorf("bodies too short for what was to be written gave %v", err)
	}
	s.stream = "ghost"
	if err := readBodies(t.Context(), s, nil, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "ResourceNotFoundException") {
		t.Errorf("a stream that is not there gave %v", err)
	}
}

func TestEvents(t *testing.T) {
	one, err := newEvents()
	if err != nil {
		t.Fatal(err)
	}
	two, err := newEvents()
	if err != nil {
		t.Fatal(err)
	}
	const n = 2000
	kept := 0
	keys := map[string]bool{}
	for range n {
		key, data := one.next()
		if _, again := two.next(); !bytes.Equal(data, again) {
			t.Fatalf("two runs make %s and %s", data, again)
		}
		var fields map[string]any
		if err := json.Unmarshal(data, &fields); err != nil || len(fields) != 15 || len(data) != eventBytes {
			t.Fatalf("an event of %d fields and %d bytes (%v): %s", len(fields), len(data), err, data)
		}
		_, ok, err := filterLine(data)
		if err != nil {
			t.Fatal(err)
		}
		if keys[key] = true; ok {
			kept++
		}
	}
	if kept < n*4/10 || kept > n*6/10 {
		t.Errorf("the filter keeps %d of %d, and the documentation says half", kept, n)
	}
	if len(keys) != users {
		t.Errorf("there are %d keys, want %d", len(keys), users)
	}
}
