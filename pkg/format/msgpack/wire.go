package msgpack

// The first bytes of MessagePack's values (spec.md, "Formats"). Of each group it is the least.
const (
	fixMap      = 0x80
	fixArray    = 0x90
	fixStr      = 0xa0
	codeNil     = 0xc0
	codeFalse   = 0xc2
	codeTrue    = 0xc3
	bin8        = 0xc4 // then 16 and 32
	ext8        = 0xc7 // then 16 and 32
	float32Code = 0xca
	float64Code = 0xcb
	uint8Code   = 0xcc // then 16, 32 and 64
	int8Code    = 0xd0 // then 16, 32 and 64
	fixExt1     = 0xd4 // then 2, 4, 8 and 16
	str8        = 0xd9 // then 16 and 32
	array16     = 0xdc // then 32
	map16       = 0xde // then 32
	negativeFix = 0xe0
)

func isShortString(c byte) bool { return c >= fixStr && c < codeNil }

func isMap(c byte) bool   { return c&0xf0 == fixMap || c == map16 || c == map16+1 }
func isArray(c byte) bool { return c&0xf0 == fixArray || c == array16 || c == array16+1 }
