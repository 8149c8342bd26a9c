package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// check holds what contenders write against what comes of the lines that the stock SDK's loop wrote.
type check struct {
	scene *scene
	want  map[string]digest // by treatment, of the stock SDK's lines
}

// look returns what looks at a run of c. The stock SDK's loop that writes raw lines has to be looked at first.
func (k *check) look(ctx context.Context, c *contender) func(dir string) error {
	return func(dir string) error {
		switch {
		case c.as == "":
			return k.size(written(dir))
		case c.name == stockName:
			return k.learn(ctx, written(dir))
		case c.name == stockProtoName:
			return k.learnProto(ctx, written(dir))
		case c.toStream():
			back := &contender{command: "sdk", as: "raw"}
			p := back.process(ctx, k.scene, dir)
			p.Args = append(p.Args, "-stream", outStream)
			if _, err := run(p); err != nil {
				return fmt.Errorf("reading back stream %q: %w", outStream, err)
			}
		}
		return k.compare(ctx, c, dir)
	}
}

func (k *check) size(path string) error {
	info, err := os.Stat(path)
	if err == nil && info.Size() != k.scene.Bytes {
		err = fmt.Errorf("%s has %d bytes, the payloads %d", path, info.Size(), k.scene.Bytes)
	}
	return err
}

// learn takes the stock SDK's lines for the truth, if there are as many as the stream has records.
func (k *check) learn(ctx context.Context, path string) error {
	var err error
	if k.want, err = k.digests(ctx, path, slices.Collect(maps.Keys(treatments))...); err != nil {
		return err
	}
	if n := k.want["raw"].Lines; n != k.scene.Records {
		return fmt.Errorf("the stock SDK's loop wrote %d lines of %d records", n, k.scene.Records)
	}
	return nil
}

// learnProto takes the lines of the stock SDK's loop over Protobuf for the truth, if as many pass as of the JSON.
func (k *check) learnProto(ctx context.Context, path string) error {
	sums, err := k.digests(ctx, path, "raw")
	if err != nil {
		return err
	}
	k.want["protobuf"] = sums["raw"]
	if got, want := sums["raw"].Lines, k.want["filter"].Lines; got != want {
		return fmt.Errorf("the stock SDK's loop over Protobuf lets %d events pass, and not %d", got, want)
	}
	return nil
}

func (k *check) compare(ctx context.Context, c *contender, dir string) error {
	// The file sink puts its time and number between the name and the extension.
	paths, err := filepath.Glob(filepath.Join(dir, "out*.jsonl"))
	if err == nil && len(paths) != 1 {
		err = fmt.Errorf("%s left %d files, and not one", c.name, len(paths))
	}
	if err != nil {
		return err
	}
	sums, err := k.digests(ctx, paths[0], "raw")
	got, want := sums["raw"], k.want[c.as]
	if c.name == stockP99Name && got.Lines == want.Lines {
		return err // the sketches of a few values are about right, and not to the digit
	}
	if err == nil && got != want {
		err = fmt.Errorf("%s wrote %d lines (%s), and not the %d (%s) that the stock SDK's loop gives", c.name, got.Lines, got.Sum, want.Lines, want.Sum)
	}
	return err
}

func (k *check) digests(ctx context.Context, path string, as ...string) (map[string]digest, error) {
	p := exec.CommandContext(ctx, k.scene.self, "digest", "-file", path, "-as", strings.Join(as, ","))
	var errOut bytes.Buffer
	p.Stderr = &errOut
	out, err := p.Output()
	var sums map[string]digest
	if err == nil {
		err = json.Unmarshal(out, &sums)
	}
	if err != nil {
		return nil, fmt.Errorf("summing up %q: %w: %s", path, err, bytes.TrimSpace(errOut.Bytes()))
	}
	return sums, nil
}
