# The front door. Each target installs what it needs (as root, on Debian 12) and does one thing.

SCRIPTS = .ci/run Documentation/generate Tests/run \
  $(addprefix Tests/Lab/,bench bench-images demo install build-machine machine micro) \
  $(addprefix Tests/Lab/elasticsearch/,add-user build capture-state check share-classes) \
  Tests/Lab/lucene/make Tests/Lab/settings/oracle Tests/Fuzz/run \
  Tests/Lab/ansible/newest Playbooks/roles/esvault/files/store-key

RELEASE = swift build -c release --static-swift-stdlib --product esvault

.PHONY: demo test fuzz bench check format build man completions clean

demo: ## Show the main job for real, in a throw-away virtual machine
	Tests/Lab/demo

test: ## Run all tests: values, files, the micro machine, the system machine
	Tests/run

fuzz: ## Search for inputs that break a reader of Elasticsearch's files, FUZZ_SECONDS=60 for each
	Tests/Lab/install
	Tests/Fuzz/run

bench: ## Compare the time that unlocking and auditing take with cryptsetup's and with systemd's own units
	Tests/Lab/bench
	Tests/Lab/bench-images

check: ## Format, lint and build without a warning
	Tests/Lab/install
	swift format lint --strict --recursive Package.swift Sources Tests
	shellcheck --external-sources $(SCRIPTS)
	cd Playbooks && PATH=$$(../Tests/Lab/ansible/newest):$$PATH ansible-lint --quiet
	swift build --build-tests

format: ## Format the Swift files in place
	swift format --in-place --recursive Package.swift Sources Tests

build: ## Build the program for servers: .build/release/esvault
	Tests/Lab/install
	$(RELEASE)

man: ## Write the manual pages to .build/man
	Documentation/generate man

completions: ## Write completions for bash, zsh and fish to .build/completions
	Documentation/generate completions

clean: ## Remove what was built; the lab's cache in ~/.cache/esvault stays
	swift package clean
