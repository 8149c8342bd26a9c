// Package kinesislocal is Amazon Kinesis Data Streams in one process, for tests, demos and a first try. It speaks the
// service's own protocol, in JSON and in CBOR, so that any SDK can talk to it, and it does what the service does:
// throttling, iterators that expire, resharding with children, retention, and the exact types of its errors.
//
//	server, err := kinesislocal.New(kinesislocal.Config{})
//	err = server.Start() // loopback, a free port
//	defer server.Close()
//	client := kinesis.New(kinesis.Options{
//		BaseEndpoint: aws.String(server.URL()),
//		Region:       server.Region(),
//		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
//	})
//
// Without sockets, which is what testing/synctest asks for, a client is given the server as its transport: a call is then
// answered in the caller's own goroutine, and all waiting is on the bubble's clock.
//
//	client := kinesis.New(kinesis.Options{HTTPClient: server.HTTPClient(), BaseEndpoint: aws.String(server.URL()), …})
//
// A test sets its scene with plain calls (CreateStream, Put, Split, Merge, Trim), which no limit and no fault touches, and
// takes what a network does to a client from Inject. Nothing is kept on disk. Package kinesistest has a server and its client
// in a line each.
//
// # Concurrency
//
// All methods may be called from many goroutines. Locks are taken in this order, and none is held while anything waits:
//
//	Server.mu      the streams there are
//	stream.mu      a stream's settings, its status and its shards; held for reading by puts and reads
//	shard.mu       a shard's records and its limits
//
// A shard's lock is the only one that a put or a read takes for itself alone, so that shards do not wait for each other. A
// page is encoded after its locks are given back: what a log holds never changes, it is only appended to and dropped.
// faults.mu and gate.mu are taken alone.
//
// Nothing runs in the background. What comes with time (a stream that becomes ACTIVE, a shard that outlives its
// retention) is worked out by the clock when somebody looks.
package kinesislocal
