package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/state"
)

func newState(t *terminal) *cobra.Command {
	c := &cobra.Command{
		Use:   "state",
		Short: "Look into a STATE_DIR: what is kept for which window and key; drop it",
		Long: `What a run keeps in its STATE_DIR: the last checkpoint, with the positions it goes on at, and what windows and dedupe keep by
key. A folder that a run holds is refused.`,
		Example: `  kstream state ls --state-dir /var/lib/kstream
  kstream state get checkout --state-dir /var/lib/kstream
  kstream state drop --state-dir /var/lib/kstream`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			return wrong(fmt.Errorf("there is no `kstream state %s`: it is ls, get or drop", args[0]))
		},
	}
	c.PersistentFlags().String("state-dir", "", "the folder")
	c.AddCommand(newStateLs(t), newStateGet(t), newStateDrop(t))
	return c
}

// kept is an opened state folder.
type kept struct {
	dir  string
	disk *checkpoint.Disk
	last *checkpoint.Checkpoint
	held []state.Held
}

// stateAccess says what a command does with a state folder.
type stateAccess uint8

const (
	toRead stateAccess = iota
	toWrite
)

// useState opens the folder that the flag names, under its lock, for the length of use.
func useState(c *cobra.Command, t *terminal, access stateAccess, use func(*kept) error) (err error) {
	dir, _ := c.Flags().GetString("state-dir")
	if dir == "" {
		return wrong(errors.New("--state-dir says which folder to look into: the STATE_DIR of the run"))
	}
	held, err := lockNow(c.Context(), dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, held.Close()) }()
	disk, err := checkpoint.OpenDisk(checkpoint.DiskConfig{
		FS: vfs.Default, Dir: filepath.Clean(dir), ReadOnly: access == toRead,
		Fatal: func(msg string) { newLogs(t.err, config.Run{LogFormat: "auto"}).whole.Fatal(strings.TrimSpace(msg)) },
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, disk.Close()) }()
	k := &kept{dir: dir, disk: disk}
	if k.last, err = disk.Load(c.Context()); err != nil {
		return err
	}
	if k.last == nil {
		return fmt.Errorf("there is no checkpoint in %s", dir)
	}
	if k.held, err = state.Inspect(disk); err != nil {
		return err
	}
	return use(k)
}

// lockNow takes the lock of a folder that is there, or says who has it.
func lockNow(ctx context.Context, dir string) (*checkpoint.Held, error) {
	if _, err := os.Stat(filepath.Join(dir, "db")); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no state in %s: is it the STATE_DIR of a run?", dir)
	}
	ctx, giveUp := context.WithCancel(ctx)
	defer giveUp()
	holder := ""
	held, err := checkpoint.Lock(ctx, dir, func(h string) { holder = h; giveUp() })
	if holder != "" && err != nil {
		return nil, &inUseError{dir, holder}
	}
	return held, err
}

// inUseError says that a run holds a state folder.
type inUseError struct{ dir, holder string }

func (e *inUseError) Error() string {
	return fmt.Sprintf("%s is in use by %s: stop that run first", e.dir, e.holder)
}
