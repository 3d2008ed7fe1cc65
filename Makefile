# Everything a developer runs. Each target works in a bare clone with Node 20 or later and npm: what is missing is
# installed first, and the commands themselves run on the Node that package-lock.json pins.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
RUN := npm run --silent

.PHONY: help setup demo serve test lint format typecheck policy-integrity repo-hygiene validate bench \
        docker-build docker-test security clean

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install the packages the lock file names, where they are missing
	@node scripts/ensure-installed.mjs

demo: setup ## Run every documented scenario and compare the outcomes
	@$(RUN) acp -- demo

serve: setup ## Build and serve on http://127.0.0.1:8080
	@$(RUN) start

test: setup ## Run the tests
	@$(RUN) test

lint: setup ## Lint, with no warning allowed
	@$(RUN) lint

format: setup ## Format every file
	@$(RUN) format

typecheck: setup ## Check the types
	@$(RUN) typecheck

policy-integrity: setup ## Validate the default policy and compare its digest
	@$(RUN) policy-integrity

repo-hygiene: setup ## Look for files that do not belong here, broken links and stale figures
	@$(RUN) repo-hygiene

validate: setup ## Every check there is, with a summary at the end
	@$(RUN) validate

bench: setup ## Measure the hot path and the HTTP endpoints
	@$(RUN) bench

docker-build: ## Build the runtime image
	@scripts/image.sh build

docker-test: ## Build the test image and run the tests in it, then try the runtime image
	@scripts/image.sh test

security: setup ## Known vulnerabilities, the security lint rules, repository hygiene and policy integrity
	@$(RUN) validate -- --only audit,lint,hygiene,policy

clean: ## Remove what builds and tests leave behind
	@rm -rf dist coverage .cache
