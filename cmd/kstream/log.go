package main

import (
	"io"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/kstream/kstream/internal/config"
)

// logs are the two logs of a process: the ordinary one, sampled so that a hot path can't flood it, and the one that
// dead letters go to, of which none is ever left out.
type logs struct {
	sampled, whole *zap.Logger
}

// Sampling: of one message the first ten in a second are logged, then every hundredth.
const (
	sampleTick  = time.Second
	sampleFirst = 10
	sampleThen  = 100
)

func newLogs(w io.Writer, run config.Run) logs {
	level, err := zapcore.ParseLevel(run.LogLevel)
	if err != nil {
		level = zapcore.InfoLevel // config has checked it
	}
	encoder := logEncoder(run.LogFormat, isTerminal(w))
	if isTerminal(w) {
		w = safeWriter{w}
	}
	core := zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(w)), level)
	return logs{
		sampled: zap.New(zapcore.NewSamplerWithOptions(core, sampleTick, sampleFirst, sampleThen)),
		whole:   zap.New(core),
	}
}

func logEncoder(format string, atTerminal bool) zapcore.Encoder {
	if format == "console" || format == "auto" && atTerminal {
		c := zap.NewDevelopmentEncoderConfig()
		c.EncodeTime = zapcore.TimeEncoderOfLayout("15:04:05.000")
		c.EncodeLevel = zapcore.CapitalLevelEncoder
		c.CallerKey, c.StacktraceKey = zapcore.OmitKey, zapcore.OmitKey
		return zapcore.NewConsoleEncoder(c)
	}
	c := zap.NewProductionEncoderConfig()
	c.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	c.EncodeDuration = zapcore.StringDurationEncoder
	c.TimeKey, c.CallerKey, c.StacktraceKey = "time", zapcore.OmitKey, zapcore.OmitKey
	return zapcore.NewJSONEncoder(c)
}
