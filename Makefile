# Ambient: one line of help a target; `make` alone prints them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
CONFIG := Release
DOTNET := dotnet
# One compiler process for all projects; without it each of them starts a compiler of its own.
BUILD := $(DOTNET) build -c $(CONFIG) -v quiet --nologo -p:UseSharedCompilation=true

help: ## print this
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

deps: ## install the Debian packages that the demo and the tests use
	@eng/install-dependencies

build: ## build everything (Release)
	@$(BUILD) Ambient.sln

test: build deps ## every test; ends with `N passed, N failed`
	@eng/test all

test-fast: build ## tests that need no namespaces, in seconds
	@eng/test fast

demo: deps ## a two-node mesh on this machine, with proof; ONCE=1 verifies and leaves
	@$(BUILD) Ambient.Demo.slnf
	@eng/demo

bench: build ## measure beside HAProxy and nginx; writes benchmarks/results
	@eng/install-dependencies bench
	@eng/bench l4
	@eng/bench l7

fuzz: build ## fuzz frames and HPACK until Ctrl-C (LIMIT=n bounds it, in seconds)
	@eng/fuzz $(LIMIT)

lint: ## analyzers as errors, formatting and the structure test
	@$(BUILD) Ambient.sln -warnaserror
	@$(DOTNET) format Ambient.sln --verify-no-changes --no-restore

format: ## rewrite formatting
	@$(DOTNET) format Ambient.sln --no-restore

golden: build ## rewrite the expected files of the golden cases; look at the diff
	@eng/golden

crds: build ## generate charts/ambient/crds from the C# types
	@eng/crds

clean: ## remove build output
	@rm -rf artifacts

.PHONY: help deps build test test-fast demo bench fuzz lint format golden crds clean
