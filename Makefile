# A thin wrapper around `go` and `dreamseed`; `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help build up preview status down destroy test check workflows fmt lint bench clean

STACK ?= local
DREAMSEED := .sandbox/bin/dreamseed
SANDBOX = $(DREAMSEED) sandbox
CHECK := go tool -modfile=tools/check/go.mod
GOTEST := $(CHECK) gotestsum --format pkgname-and-test-fails
# lint runs vet once. go test would run it again, and would read the source of every SDK of a cloud for it. Without the
# symbols of a debugger, a test is linked in three quarters of the time.
TESTFLAGS := -vet=off -ldflags=-w -timeout 60m
# The tests that need the control plane of the stack local come first, because they take longest: the rest is compiled
# and run in parallel. The tests that need more than up builds for that stack come last.
LOCAL := internal/enginetest
FURTHER := internal/enginetest/full

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  STACK=<stack> chooses the stack of up, preview, status, destroy and down; the default is local"

build: $(DREAMSEED) ## build what up needs, and start nothing
	@$(SANDBOX) build --stack $(STACK)

up: $(DREAMSEED) ## start the sandbox and deploy the stack to it
	@$(SANDBOX) up --stack $(STACK)

preview: $(DREAMSEED) ## show what up would change
	@$(SANDBOX) preview --stack $(STACK)

status: $(DREAMSEED) ## show which components and services run
	@$(SANDBOX) status --stack $(STACK)

destroy: $(DREAMSEED) ## delete every object of the stack from the sandbox
	@$(SANDBOX) destroy --stack $(STACK)

down: $(DREAMSEED) ## stop the sandbox; up goes on where it was
	@$(SANDBOX) down --stack $(STACK)

test: $(DREAMSEED) ## prove the whole program on what up builds
	@$(DREAMSEED) sandbox build
	@$(GOTEST) --jsonfile .sandbox/test.json -- $(TESTFLAGS) ./$(LOCAL) \
		$$(go list ./... | grep --invert-match '/$(FURTHER)$$')
	@go run ./internal/testcount -later $(FURTHER) .sandbox/test.json
	@$(DREAMSEED) sandbox build --times

check: fmt lint test ## what CI runs: format, lint, test, and what needs the clouds and further real programs
	@$(DREAMSEED) sandbox build --everything
	@$(GOTEST) --jsonfile .sandbox/further.json -- $(TESTFLAGS) ./$(FURTHER)
	@go run ./internal/testcount .sandbox/test.json .sandbox/further.json
	@$(DREAMSEED) sandbox build --times

workflows: $(DREAMSEED) ## play the workflows of .github: preview, comment, approval, deployment, and what goes wrong
	@$(DREAMSEED) sandbox build --everything
	@go test $(TESTFLAGS) -v -run TestTheWorkflows ./$(FURTHER)

fmt:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	if [ -n "$$unformatted" ]; then echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; fi

lint:
	@go vet ./...
	@$(CHECK) golangci-lint run ./...
	@go tool -modfile=tools/actionlint/go.mod actionlint -shellcheck= -pyflakes=

bench: $(DREAMSEED) ## measure what the platform promises of the sandbox, as a table
	@go run ./internal/bench

clean: ## stop every sandbox and delete everything that was built and kept
	@if [ -x $(DREAMSEED) ]; then for stack in Pulumi.*.yaml; do \
		stack=$${stack#Pulumi.}; $(SANDBOX) down --stack $${stack%.yaml} || exit 1; done; fi
	@rm -rf .sandbox

# The go command decides whether a rebuild is needed.
.PHONY: $(DREAMSEED)
$(DREAMSEED):
	@go build -o $@ ./cmd/dreamseed
