package packed

import (
	"errors"
	"fmt"
)

// corruptError says where a packed payload stops making sense.
type corruptError struct{ offset int64 }

func (e *corruptError) Error() string { return fmt.Sprintf("it is corrupt at byte %d", e.offset) }

func corruptAt(i int) error { return &corruptError{int64(i)} }

// placed says where the part is that err is of. The limit's error and nil stay as they are.
func placed(err error, at int) error {
	if err == nil || errors.Is(err, errTooLarge) {
		return err
	}
	return fmt.Errorf("%w at byte %d", err, at)
}
