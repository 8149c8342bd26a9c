package expression

import (
	"testing"
)

// TestCodes holds what is written in other forms, and what is none of them.
func TestCodes(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{`json("{\"a\": [1]}").a[0] + json("5")`, `6`},
		{`[json("{"), json("soon"), json(""), json(o).a, json(7)]`, `[null,null,null,1,7]`},
		{`fromBase64("eyJhIjoiPz8_In0")`, `"{\"a\":\"???\"}"`},
		{`fromBase64("Pz8/") + fromBase64("Pw==") + fromBase64("Pw\n")`, `"?????"`},
		{`toHex("hé")`, `"68c3a9"`},
		{`fromHex("68C3a9")`, `"hé"`},
		{`fromHex("6")`, `error: fromHex: the string is no hexadecimal: two digits a byte`},
		{`fromBase64("/w==")`, `error: what the string stands for is no UTF-8 text: toHex, toBase64 and the hashes take it as bytes`},
		{`toHex(fromBase64("/wD+"))`, `"ff00fe"`},
		{`toBase64(fromHex("ff00fe"))`, `"/wD+"`},
		{`toHex(urlDecode("%FF+%20"))`, `"ff2020"`},
		{`sha256(fromHex("ff")) == sha256("ÿ")`, `false`},
		{`len(fromHex("ff"))`, `error: what the string stands for is no UTF-8 text: toHex, toBase64 and the hashes take it as bytes`},
		{`urlEncode("a b/ä~")`, `"a%20b%2F%C3%A4~"`},
		{`urlDecode("a+b%2f%C3%A4")`, `"a b/ä"`},
		{`urlDecode("100%")`, `error: urlDecode: the string has a % without two hexadecimal digits behind it`},
		{`urlDecode("%FF")`, `error: what the string stands for is no UTF-8 text: toHex, toBase64 and the hashes take it as bytes`},
		{`[toHex(missing), fromHex(nul), json(missing), url(missing), hash(nul), redact(missing)]`, `[null,null,null,null,null,null]`},
	} {
		check(t, tt.src, tt.want, " (counted)")
	}
}

// TestDigests holds the sums against published ones, and that nothing can be read out of what is redacted.
func TestDigests(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{`sha256("abc")`, `"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`},
		{`md5("abc")`, `"900150983cd24fb0d6963f7d28e17f72"`},
		{`hash("")`, `8620854627038688460`}, // 0xef46db3751d8e999 >> 1
		{`hash(7) == hash("7") && hash(-1 + 8) == hash("7")`, `true`},
		{`hash(list) == hash(toJSON(list)) && hash(true) == hash("true")`, `true`},
		{`md5(date(ms)) == md5("2024-05-01T08:00:00.123Z")`, `true`},
		{`[redact("ada@example.com"), redact(7), redact(o), redact("")]`, `["***","***","***","***"]`},
		// HMAC-SHA-256 of RFC 4231's test case 2, cut to 128 bits.
		{`redact("what do ya want for nothing?", "Jefe")`, `"5bdcc146bf60754e6a042426089575c7"`},
		{`redact("ada", env("REDACT_KEY")) == redact("ada", "secret")`, `true`},
		{`redact("ada", "a") == redact("ada", "b")`, `false`},
		{`redact(7, "k") == redact("7", "k")`, `true`},
	} {
		check(t, tt.src, tt.want, " (counted)")
	}
	checkFault(t, `redact(s, "")`, `an empty key keeps nothing secret (such as: env("REDACT_KEY"))`)
	checkFault(t, `redact(s, o.key)`, `redact needs its key written out, as a string (such as: env("REDACT_KEY"))`)
}

// TestEnv holds that the environment is read once, that a variable that is not set is a fault, and that no message shows what
// one holds.
func TestEnv(t *testing.T) {
	check(t, `env("REDACT_KEY") + env("NOT_SET", "x") + env("EMPTY", "y")`, `"secretxy"`, "")
	for src, want := range map[string]string{
		`env("NOT_SET")`:                          `the environment has no variable NOT_SET (set it, or give a default: env("NOT_SET", "…"))`,
		`env("EMPTY")`:                            `the environment has no variable EMPTY (set it, or give a default: env("EMPTY", "…"))`,
		`env(s)`:                                  `env needs its variable written out, as a string (such as: env("REDACT_KEY"))`,
		`capture(s, env("BROKEN"))`:               `what this variable holds is not what capture needs here`,
		`s matches env("BROKEN")`:                 `what this variable holds is no regular expression`,
		`inCIDR(s, env("BROKEN"))`:                `what this variable holds is not what inCIDR needs here`,
		`formatTime(meta.arrival, env("BROKEN"))`: `what this variable holds is not what formatTime needs here`,
		`formatTime(meta.arrival, "15:04", env("REDACT_KEY"))`: `what this variable holds is not what formatTime needs here`,
	} {
		checkFault(t, src, want)
	}
	p, faults := Compile(`env("REDACT_KEY")`, &fields{})
	if len(faults) > 0 || p.String() != `env("REDACT_KEY")` {
		t.Errorf("the parsed form is %s, faults %v", p, faults)
	}
}

// TestWeb holds URLs, networks and captures.
func TestWeb(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{`url("https://ada:pw@example.com:8443/a%20b/c?q=x+y&n=1&n=2&e&=v&%zz=%ff#top")`,
			`{"scheme":"https","user":"ada","host":"example.com","port":8443,"path":"/a%20b/c","query":{"q":"x y","n":"2","e":"","":"v","%zz":"%ff"},"fragment":"top"}`},
		{`url("/search?q=tea")`, `{"scheme":null,"user":null,"host":null,"port":null,"path":"/search","query":{"q":"tea"},"fragment":null}`},
		{`url("http://[2001:db8::1]:80/").host`, `"2001:db8::1"`},
		{`url("mailto:ada@example.com").path`, `"ada@example.com"`},
		{`[url("http://[::1"), url("http://h:99999/"), url("http://h:x/"), url("%zz")]`, `[null,null,null,null]`},

		{`inCIDR("10.1.2.3", "10.0.0.0/8")`, `true`},
		{`inCIDR("11.1.2.3", "10.0.0.0/8", "11.1.2.3", "fd00::/8")`, `true`},
		{`inCIDR("12.1.2.3", "10.0.0.0/8", "11.1.2.3")`, `false`},
		{`inCIDR("fd12::7", "fd00::/8")`, `true`},
		{`inCIDR("fe80::1%eth0", "fe80::/10")`, `true`},
		{`inCIDR("::ffff:10.1.2.3", "10.0.0.0/8")`, `true`},
		{`inCIDR("10.1.2.3", "::/0")`, `false`},
		{`inCIDR("10.1.2", "10.0.0.0/8")`, `false (counted)`},
		{`inCIDR("10.1.2.300", "0.0.0.0/0")`, `false (counted)`},
		{`inCIDR("10.01.2.3", "0.0.0.0/0")`, `false (counted)`},
		{`inCIDR("1.2.3.4.5", "0.0.0.0/0")`, `false (counted)`},
		{`inCIDR("1..3.4", "0.0.0.0/0") || inCIDR("1.2.3.", "0.0.0.0/0") || inCIDR("", "0.0.0.0/0")`, `false (counted)`},
		{`inCIDR("0.0.0.0", "0.0.0.0/0")`, `true`},
		{`inCIDR("x:y", "::/0")`, `false (counted)`},
		{`inCIDR(missing, "10.0.0.0/8")`, `null`},
		{`inCIDR(n, "10.0.0.0/8")`, `error: inCIDR needs a string, got a number`},

		{"capture(\"GET /a 200\", `^(?P<method>\\w+) (?P<path>\\S+)(?: (?P<status>\\d+))?(?: (?P<size>\\d+))?$`)",
			`{"method":"GET","path":"/a","status":"200","size":null}`},
		{"capture(\"nothing\", `(?P<n>\\d+)`)", `null`},
		{"[capture(\"a=1\", `(\\w)=(\\d)`, 2), capture(\"a=1\", `(?P<k>\\w)=`, \"k\"), capture(\"a=1\", `=.`, 0), capture(\"b\", `=(.)`, 1)]", `["1","a","=1",null]`},
		{"capture(missing, `(?P<n>\\d+)`).n", `null`},
	} {
		check(t, tt.src, tt.want, " (counted)")
	}
	for src, want := range map[string]string{
		`inCIDR(s, "10.0.0.0/33")`:          `"10.0.0.0/33" is no network (such as: "10.0.0.0/8", "2001:db8::/32")`,
		`inCIDR(s, "10.1.2.3/8")`:           `10.1.2.3/8 has an address beyond its 8 bits (did you mean 10.0.0.0/8?)`,
		`inCIDR(s, nets)`:                   `inCIDR needs its network written out, as a string (such as: "10.0.0.0/8")`,
		"capture(s, `(\\d`)":                "error parsing regexp: missing closing ): `(\\d`",
		"capture(s, `\\d`)":                 "the pattern has no named groups (such as: `^(?P<host>\\S+) (?P<path>/\\S*)`; a group by its number is the third argument)",
		"capture(s, `(?P<a>.)(.)`, 3)":      `the pattern has no such group (it has a, 2; 0 is all that matched)`,
		"capture(s, `(?P<a>.)(.)`, \"b\")":  `the pattern has no such group (it has a, 2; 0 is all that matched)`,
		"capture(s, `.`, -1)":               `the pattern has no such group (it has none; 0 is all that matched)`,
		"capture(s, s)":                     "capture needs its pattern written out, as a string (such as: `^(?P<host>\\S+) (?P<path>/\\S*)`)",
		"5 + capture(s, `(?P<a>.)`, \"a\")": `+ can't take a number and nil or a string`,
		`from_hex(s)`:                       `there is no function from_hex (did you mean fromHex?)`,
		`date_trunc(s)`:                     `there is no function date_trunc (did you mean truncate?)`,
	} {
		checkFault(t, src, want)
	}
}

// TestTimes holds layouts, spans and zones.
func TestTimes(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{`parseTime("2024-05-01T10:00:00.123456789+02:00")`, `"2024-05-01T08:00:00.123456789Z"`},
		{`parseTime("01/May/2024:10:00:00 +0200")`, `"2024-05-01T08:00:00Z"`},
		{`parseTime("2024-05-01 08:00:00,5")`, `"2024-05-01T08:00:00.5Z"`},
		{`parseTime("Nov 14 22:13:20")`, `"2023-11-14T22:13:20Z"`},
		{`[parseTime(ms), parseTime(1714550400), parseTime(1714550400000000), parseTime("1714550400")]`,
			`["2024-05-01T08:00:00.123Z","2024-05-01T08:00:00Z","2024-05-01T08:00:00Z","2024-05-01T08:00:00Z"]`},
		{`parseTime(meta.arrival)`, `"2023-11-14T22:13:20.123Z"`},
		{`parseTime("01.05.24 10h", "02.01.06 15h", "Europe/Berlin")`, `"2024-05-01T08:00:00Z"`},
		{`parseTime("01.05.24", "02.01.2006")`, `error: parseTime: the string is no time in this layout`},
		{`parseTime(5, "02.01.2006")`, `error: parseTime with a layout needs a string, got a number`},
		{`parseTime("soon")`, `error: parseTime: the text is no time: right are RFC 3339 (2006-01-02T15:04:05Z), Unix seconds or milliseconds, and the usual forms of logs (10/Oct/2000:13:55:36 -0700, 2006/01/02 15:04:05, Mon, 02 Jan 2006 15:04:05 GMT, Jan  2 15:04:05)`},
		{`parseTime("9999-05-01T10:00:00Z")`, `error: the time is outside of the years 1678 to 2261`},
		{`parseTime("99999999999999999999")`, `error: parseTime: the time is outside the years 1678 to 2262`},
		{`parseTime(missing) ?? "none"`, `"none"`},
		{`unixMs(date(ms))`, `1714550400123`},
		{`duration("7d") + duration("36h")`, `734400`},
		{`duration("1e300d")`, `error: duration: the string is no span of time such as "1h30m" or "7d"`},

		{`formatTime(date(ms), "2006-01-02 15:04:05.000")`, `"2024-05-01 08:00:00.123"`},
		{`formatTime(date(ms), "Mon 15h MST", "Europe/Berlin")`, `"Wed 10h CEST"`},
		{`formatTime(missing, "2006")`, `null`},
		{`formatTime(at, "2006")`, `error: formatTime needs a time, got a string`},

		{`truncate(date("2024-05-01T10:34:56.7Z"), "1m")`, `"2024-05-01T10:34:00Z"`},
		{`truncate(date("2024-05-01T10:34:56.7Z"), "15m")`, `"2024-05-01T10:30:00Z"`},
		{`truncate(date("2024-05-01T10:34:56.7Z"), "6h")`, `"2024-05-01T06:00:00Z"`},
		{`truncate(date("2024-05-01T10:34:56.7Z"), "1d")`, `"2024-05-01T00:00:00Z"`},
		{`truncate(date("2024-05-01T10:34:56.7Z"), "7d")`, `"2024-04-25T00:00:00Z"`}, // a Thursday, as 1970-01-01 was
		{`truncate(date("2024-05-01T10:34:56.7Z"), "week")`, `"2024-04-29T00:00:00Z"`},
		{`truncate(date("2024-05-05T10:00:00Z"), "week")`, `"2024-04-29T00:00:00Z"`}, // a Sunday is its last day
		{`truncate(date("2024-01-02T10:00:00Z"), "week")`, `"2024-01-01T00:00:00Z"`},
		{`truncate(date("2023-01-01T10:00:00Z"), "week")`, `"2022-12-26T00:00:00Z"`},
		{`truncate(date("2024-05-31T10:00:00Z"), "month")`, `"2024-05-01T00:00:00Z"`},
		{`truncate(date("2024-05-31T10:00:00Z"), "quarter")`, `"2024-04-01T00:00:00Z"`},
		{`truncate(date("2024-05-31T10:00:00Z"), "year")`, `"2024-01-01T00:00:00Z"`},
		{`truncate(date("1969-12-31T23:59:59Z"), "1h")`, `"1969-12-31T23:00:00Z"`},
		{`truncate(date("1700-03-05T23:59:59Z"), "1d")`, `"1700-03-05T00:00:00Z"`},
		{`truncate(date("2024-05-01T22:30:00Z"), "1d", "Europe/Berlin")`, `"2024-05-01T22:00:00Z"`},
		{`truncate(date("2024-03-31T12:00:00Z"), "1d", "Europe/Berlin")`, `"2024-03-30T23:00:00Z"`}, // the day that has 23 hours
		{`truncate(date("2024-05-31T22:30:00Z"), "month", "Europe/Berlin")`, `"2024-05-31T22:00:00Z"`},
		{`truncate(date("2024-05-01T10:10:00Z"), "1h", "Asia/Kolkata")`, `"2024-05-01T09:30:00Z"`},
		{`truncate(date("2024-10-27T01:30:00Z"), "1h", "Europe/Berlin")`, `"2024-10-27T01:00:00Z"`}, // the second 2 o'clock
		{`truncate(date("2024-10-27T00:30:00Z"), "1h", "Europe/Berlin")`, `"2024-10-27T00:00:00Z"`}, // the first
	} {
		check(t, tt.src, tt.want, " (counted)")
	}
	for src, want := range map[string]string{
		`formatTime(meta.arrival, "%d/%b/%Y:%H:%M:%S %z")`: `layouts are written as Go has them, and not with % (here it is "02/Jan/2006:15:04:05 -0700")`,
		`formatTime(meta.arrival, "YYYY")`:                 `the layout has no part of a time (it is how you would write Mon Jan 2 15:04:05 MST 2006: "2006-01-02 15:04:05")`,
		`parseTime(s, "15:04", "Berlin")`:                  `there is no time zone "Berlin" (such as: "Europe/Berlin", "America/New_York", "UTC")`,
		`parseTime(s, s)`:                                  `parseTime needs its layout written out, as a string (such as: "2006-01-02 15:04:05")`,
		`truncate(meta.arrival, "soon")`:                   `"soon" is no span of time to cut by (write it as 90s, 5m, 1h, 7d, week, month, quarter or year)`,
		`truncate(meta.arrival, "-1h")`:                    `"-1h" is no span of time to cut by (write it as 90s, 5m, 1h, 7d, week, month, quarter or year)`,
	} {
		checkFault(t, src, want)
	}
}
