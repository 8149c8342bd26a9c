// Package examples runs each example as its compose file does: NAME/compose.yaml sets the variables, NAME/chain.kstream is
// the chain, NAME/events.jsonl goes into the stream, and NAME/expected.jsonl has to come out. Of a service that is not called
// kstream it is expected-SERVICE.jsonl, of dead letters expected-dead.jsonl, with their stages, errors and payloads.
package examples
