package operator

// Absorber is a Stage that takes records into its state: those that are gone after Process have not been filtered.
type Absorber interface {
	// Absorbs does nothing: it is what tells the engine.
	Absorbs()
}

// Emptier is a Stage that makes several records of one, or none.
type Emptier interface {
	// Empties returns of how many it has made none since its last call. The engine asks after each Process.
	Empties() uint64
}
