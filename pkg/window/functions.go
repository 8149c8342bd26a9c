package window

// functions is the table that the language knows, sorted by name.
var functions = []*Function{
	argMaxFunction,
	argMinFunction,
	avgFunction,
	collectFunction,
	countFunction,
	countIfFunction,
	distinctFunction,
	firstFunction,
	histogramFunction,
	lastFunction,
	maxFunction,
	medianFunction,
	minFunction,
	quantileFunction,
	rateFunction,
	stddevFunction,
	sumFunction,
	topKFunction,
	varianceFunction,
}
