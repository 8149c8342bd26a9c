// Package endtoend tests the binary as a user has it: a process that is set by variables, reads a Kinesis over the network,
// is stopped and killed, and is judged by what it printed and wrote.
//
// The Kinesis is the embedded one, or what KSTREAM_TEST_ENDPOINT names: kinesis-local (make test-parts), LocalStack
// (make test-localstack, and the profile "test" of docker-compose.yml). KSTREAM_TEST_BINARY names a binary to be tested in
// place of the one built from here.
package endtoend
