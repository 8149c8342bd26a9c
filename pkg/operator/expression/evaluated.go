package expression

// Evaluated returns a program that computes eval, and that is written as text.
func Evaluated(eval Eval, text string) *Program { return &Program{eval: eval, text: text} }
