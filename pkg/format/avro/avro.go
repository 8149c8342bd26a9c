// Package avro reads and writes Avro payloads: bare records and single-object encoding with a given schema, records whose
// schema is in a registry, and object container files.
//
// A record is a JSON object with the fields' names as in the schema:
//
//	null, boolean                     as in JSON
//	int, long                         a number, exact
//	float, double                     the shortest number that reads back the same; "NaN", "Infinity", "-Infinity"
//	string, enum                      a string; what is no UTF-8 becomes U+FFFD
//	bytes, fixed                      base64, the standard alphabet with padding
//	array, map, record                a list, an object, an object
//	union                             the value, without its type's name
//	decimal, big-decimal              a number with all its digits
//	date                              "2006-01-02"
//	time-millis, time-micros          "15:04:05.999"
//	timestamp-millis, -micros, -nanos RFC 3339 in UTC
//	local-timestamp-…                 "2006-01-02T15:04:05.999", of no zone
//	uuid                              in its text form
//	duration                          ISO 8601: months, days and seconds, "P1M2DT3.5S"
//
// Dates and times outside the years 0 to 9999 or past midnight stay numbers. Other logical types, those on a type they
// are not for, and those that stand on a field in place of its type, are ignored, as the specification has it.
//
// The way back takes the same forms. Dates and times may be the number that they are underneath too, floats too large or
// too exact are rounded, and times cut to their unit; nothing else is ever changed to fit. Of a union it is the branch
// that the value's form fits, the first such in the schema; a string is a string before it is anything else, a number is
// exact before it is a float, and an object is the record that has all its members, and of several the one with the most. A
// field that a record does not have takes its default, or null where the schema allows that. A field that the schema does
// not have is an error: it would be lost.
//
// Schemas are parsed by github.com/twmb/avro. Payloads go from the wire to JSON with nothing in between.
package avro
