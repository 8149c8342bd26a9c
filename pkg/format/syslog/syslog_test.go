package syslog_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/format/syslog"
	"github.com/kstream/kstream/pkg/record"
)

var near = record.MillisOf(time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC))

func decoder() *syslog.Decoder {
	d := syslog.New()
	d.Near(near)
	return d
}

func TestAppendJSON(t *testing.T) {
	const crit = `{"facility":"auth","facility_code":4,"severity":"crit","severity_code":2,`
	const notice = `{"facility":"local4","facility_code":20,"severity":"notice","severity_code":5,`
	for _, tt := range []struct{ name, payload, want string }{
		// RFC 5424, 6.5
		{"example 1", "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \xef\xbb\xbf'su root' failed for lonvick on /dev/pts/8",
			crit + `"version":1,"timestamp":"2003-10-11T22:14:15.003Z","hostname":"mymachine.example.com","app_name":"su","msg_id":"ID47","message":"'su root' failed for lonvick on /dev/pts/8"}`},
		{"example 2", "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.\n",
			notice + `"version":1,"timestamp":"2003-08-24T05:14:15.000003-07:00","hostname":"192.0.2.1","app_name":"myproc","proc_id":8710,"message":"%% It's time to make the do-nuts."}`},
		{"example 4", `<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"][examplePriority@32473 class="high"]`,
			notice + `"version":1,"timestamp":"2003-10-11T22:14:15.003Z","hostname":"mymachine.example.com","app_name":"evntslog","msg_id":"ID47",` +
				`"structured_data":{"exampleSDID@32473":{"iut":"3","eventSource":"Application","eventID":"1011"},"examplePriority@32473":{"class":"high"}}}`},
		{"escapes", `<165>1 - - - - - [a][b x="\"\\\]\n" y=""] m`,
			notice + `"version":1,"structured_data":{"a":{},"b":{"x":"\"\\]\\n","y":""}},"message":"m"}`},
		// RFC 3164, 5.4
		{"BSD", "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
			crit + `"timestamp":"2023-10-11T22:14:15Z","hostname":"mymachine","app_name":"su","message":"'su root' failed for lonvick on /dev/pts/8"}`},
		{"BSD of the new year", "<34>Jan  3 00:00:01 h su[12]: x", crit + `"timestamp":"2024-01-03T00:00:01Z","hostname":"h","app_name":"su","proc_id":12,"message":"x"}`},
		{"BSD, unpadded day, fraction", "<34>Feb 9 00:00:01.250 h x=1 y", crit + `"timestamp":"2024-02-09T00:00:01.25Z","hostname":"h","message":"x=1 y"}`},
		{"BSD without host", "<34>Oct 11 22:14:15 su[main]: x", crit + `"timestamp":"2023-10-11T22:14:15Z","app_name":"su","proc_id":"main","message":"x"}`},
		{"BSD with RFC 3339", "<34>2003-10-11T22:14:15.003+02:00 h a::b: x", crit + `"timestamp":"2003-10-11T22:14:15.003+02:00","hostname":"h","app_name":"a::b","message":"x"}`},
		{"router", "<189>*Mar  1 18:46:11.001: %SYS-5-CONFIG_I: Configured", `{"facility":"local7","facility_code":23,"severity":"notice","severity_code":5,` +
			`"timestamp":"2024-03-01T18:46:11.001Z","app_name":"%SYS-5-CONFIG_I","message":"Configured"}`},
		{"firewall", "<34>Oct 10 2021 12:00:00: %ASA-6-302014: Teardown", crit + `"timestamp":"2021-10-10T12:00:00Z","app_name":"%ASA-6-302014","message":"Teardown"}`},
		{"firewall with host", "<34>Oct  1 2021 12:00:00 fw : x", crit + `"timestamp":"2021-10-01T12:00:00Z","hostname":"fw","message":": x"}`},
		{"no time", "<34>Use the BFG!", crit + `"message":"Use the BFG!"}`},
		{"no time, of a kind", "<34>Oct 99 22:14:15 x", crit + `"message":"Oct 99 22:14:15 x"}`},
		{"URL", "<34>Oct 11 22:14:15 h http://a/ is down", crit + `"timestamp":"2023-10-11T22:14:15Z","hostname":"h","message":"http://a/ is down"}`},
		{"nothing", "<34>", crit + `"message":""}`},
		{"file", "Oct 11 22:14:15 h cron[7]: x\r\n", `{"timestamp":"2023-10-11T22:14:15Z","hostname":"h","app_name":"cron","proc_id":7,"message":"x"}`},

		{"neither", "connection reset", "the payload is not syslog: it begins with neither a priority nor a time"},
		{"priority", "<192>1 - - - - - -", "the payload is not syslog: its priority is no number from 0 to 191 in angle brackets"},
		{"priority's letters", "<1x>1 - - - - - -", "the payload is not syslog: its priority is no number from 0 to 191 in angle brackets"},
		{"open priority", "<34", "the payload is not syslog: its priority is no number from 0 to 191 in angle brackets"},
		{"time", "<34>1 Oct 11 22:14:15 h su - -", "the payload is not syslog: the time is not RFC 3339 at byte 6"},
		{"short", "<34>1 - h su - -", "the payload is not syslog: the message ends before its structured data: at byte 16"},
		{"no data", "<34>1 - h su - - x", "the payload is not syslog: the structured data begins with neither a bracket nor a hyphen at byte 17"},
		{"open data", `<34>1 - h su - - [a b="c"`, "the payload is not syslog: the structured data ends early at byte 25"},
		{"open value", `<34>1 - h su - - [a b="c\"`, "the payload is not syslog: the closing quote is missing: it opens at byte 22"},
		{"no value", `<34>1 - h su - - [a b]`, "the payload is not syslog: a parameter of structured data has no value in quotes at byte 21"},
		{"no id", `<34>1 - h su - - []`, "the payload is not syslog: an element of structured data has no name at byte 18"},
		{"behind data", `<34>1 - h su - - [a]x`, "the payload is not syslog: something stands behind the structured data, at byte 20"},
		{"empty", "\r\n", "the payload is empty"},
		{"no UTF-8", "<34>\xff", "the payload is no UTF-8 text: byte 0xff at 4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decoder().AppendJSON([]byte("> "), []byte(tt.payload))
			if err != nil {
				got = []byte("> " + err.Error())
			}
			if string(got) != "> "+tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// What a payload costs grows with its length, and not faster.
func TestHostile(t *testing.T) {
	const n = 1 << 16
	for _, tt := range []struct{ head, unit string }{
		{"<1>", "["}, {"<1>", "\x01"}, {"<1>1 - - - - - ", "[a]"}, {"<1>1 - - - - - ", `[a b="`}, {"<1>1 - - - - - [a ", `b="\\" `},
		{`<1>1 - - - - - [a b="`, `\`}, {"<1>Jan 1 00:00:00 ", "a[1"}, {"<1>Jan 1 00:00:00 ", ":"}, {"Jan ", "1"}, {"<", "1"}, {"<1>1 - ", "\x02 "},
	} {
		payload := []byte(tt.head + strings.Repeat(tt.unit, n))
		d := decoder()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		dst, err := d.AppendJSON(make([]byte, 0, 8*len(payload)), payload)
		runtime.ReadMemStats(&after)
		if want := uint64(16*len(payload) + 1<<16); after.TotalAlloc-before.TotalAlloc > want || len(dst) > 8*len(payload) {
			t.Errorf("%q and so on, %d bytes: allocates %d bytes and appends %d (%v)", tt.head+tt.unit, len(payload), after.TotalAlloc-before.TotalAlloc, len(dst), err)
		}
	}
}
