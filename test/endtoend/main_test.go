package endtoend

import (
	"os"
	"testing"

	"github.com/kstream/kstream/test/binary"
)

func TestMain(m *testing.M) { os.Exit(binary.Run(m)) }
