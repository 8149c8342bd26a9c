# `make` alone says what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
# The zones are in the binary, so that a time without one means the same in an empty image. The trace pages of gRPC are not:
# their templates look methods up by name, for which the linker keeps every method of the program (15 MB).
BUILD   := CGO_ENABLED=0 go build -trimpath -tags timetzdata,grpcnotrace -ldflags "-s -w -X main.version=$(VERSION)"

GOLANGCI_VERSION := v2.15.0
TOOLS            := $(CURDIR)/.cache/bin
GOLANGCI         := $(TOOLS)/golangci-lint-$(GOLANGCI_VERSION)

FUZZTIME  ?= 5s
BENCHTIME ?= 1s

.PHONY: help
help: ## what there is
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## the static binary, in bin/kstream
	$(BUILD) -o bin/kstream ./cmd/kstream

.PHONY: demo
demo: build ## see it work: an embedded Kinesis, a producer and a pipeline over it; needs nothing but Go
	@bin/kstream demo

example-%: build ## the chains of an example over its events: make example-logs
	@for chain in examples/$*/*.kstream; do \
		bin/kstream run --source file --input-path examples/$*/events.jsonl --operators-file $$chain --http-addr none --log-level warn --log-format console; \
	done

.PHONY: test
test: ## all tests, with the race detector
	go test -race ./...

.PHONY: lint
lint: $(GOLANGCI) ## gofmt, go vet and golangci-lint
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	if [[ -n $$unformatted ]]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	$(GOLANGCI) run ./...

.PHONY: lint-deploy
lint-deploy: build ## deploy/: manifests, unit, policies, alerts and dashboard, held to the binary
	@test/deploy.sh bin/kstream

# The version is part of the name, so that a new one is built when the number above changes.
$(GOLANGCI):
	@mkdir -p $(TOOLS)
	GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	@mv $(TOOLS)/golangci-lint $@

.PHONY: generate
generate: build ## docs/configuration.md, from the variables' own descriptions; what the pages' examples give
	@mkdir -p docs
	bin/kstream env -o markdown > docs/configuration.md
	go test -count=1 -run TestPages ./cmd/kstream -update

.PHONY: recordings
recordings: build ## the terminal recordings of the documents, from real runs; needs Linux, and port 8080
	go run ./docs/recordings

# What the examples of other pages give is held to by TestPages.
.PHONY: fresh
fresh: build ## fails if a generated page is not what would be generated now
	@bin/kstream env -o markdown | diff -u docs/configuration.md - \
		|| { echo "docs/configuration.md is not fresh: make generate"; exit 1; }

.PHONY: man
man: build ## the manual pages, in bin/man; man bin/man/kstream.1 reads them
	bin/kstream man bin/man

.PHONY: fuzz
fuzz: ## each fuzz target for FUZZTIME (5s)
	@test/fuzz.sh $(FUZZTIME)

.PHONY: bench
bench: build ## what reading costs, beside the stock SDK; ten million live keys; 10,000 shards at the tip; the packages' benchmarks. Compare within one run only
	go run ./bench $(BENCHFLAGS)
	go run ./bench live $(LIVEFLAGS)
	go run ./bench idle
	go test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./...

.PHONY: test-static
test-static: build ## the binary in an empty root, as user 65532; needs root
	@test/static.sh bin/kstream

.PHONY: test-size
test-size: build ## what the binary weighs, and what to look for where it is too much
	@test/size.sh bin/kstream

.PHONY: test-parts
test-parts: ## the source, the sinks and the binary against kinesis-local; needs Node.js
	@test/parts/run.sh

.PHONY: test-page
test-page: ## the status page in a headless Chromium; needs chromium and chromedriver
	@command -v chromedriver >/dev/null || { echo "make test-page needs chromedriver, and there is none: apt-get install chromium chromium-driver"; exit 1; }
	KSTREAM_TEST_CHROMEDRIVER=$$(command -v chromedriver) go test -count=1 -timeout 15m ./test/page

.PHONY: pictures
pictures: ## docs/pictures/status-*.png, of a run in a headless Chromium; needs what test-page needs
	KSTREAM_TEST_CHROMEDRIVER=$$(command -v chromedriver) KSTREAM_TEST_PICTURES=$(CURDIR)/docs/pictures \
		go test -count=1 -timeout 5m -run TestPictures ./test/page

.PHONY: test-localstack
test-localstack: ## the compose file's integration tests against LocalStack without Docker; needs Python 3.13
	@test/localstack/run.sh

.PHONY: test-image
test-image: ## builds the image and runs it: stop, kill, restart; needs root, and starts an engine where none runs
	@test/image/run.sh

.PHONY: clean
clean: ## what the other targets made
	rm -rf bin .cache
