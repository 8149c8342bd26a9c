package operator

// Absorber is a Stage that takes records into its state: those that are gone after Process have not been filtered.
type Absorber interface {
	// Absorbs does nothing: it is what tells the engine.
	Absorbs()
}
