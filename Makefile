# The front door. Each target installs what it needs (as root, on Debian 12) and does one thing.

SCRIPTS = .ci/run Documentation/generate Tests/run \
  $(addprefix Tests/Lab/,bench bench-images demo install build-machine machine micro) \
  $(addprefix Tests/Lab/elasticsearch/,add-user build capture-state check share-classes) \
  Tests/Lab/lucene/make Tests/Lab/settings/oracle Tests/Fuzz/run \
  debian/esvault.postinst debian/esvault.prerm debian/esvault.postrm \
  Tests/Lab/ansible/newest Playbooks/roles/esvault/files/store-key

RELEASE = swift build -c release --static-swift-stdlib --product esvault

.PHONY: demo test fuzz bench check format build man completions deb rpm install clean

# Where 'make install' puts what distributions keep in different places.
UNITS = /usr/lib/systemd/system
ZSH = /usr/share/zsh/site-functions

demo: ## Show the main job for real, in a throw-away virtual machine
	Tests/Lab/demo

test: ## Run all tests: values, files, the micro machine, the system machine
	Tests/run

fuzz: ## Search for inputs that break a reader of Elasticsearch's files, FUZZ_SECONDS=60 for each
	Tests/Lab/install
	Tests/Fuzz/run

bench: ## Compare the time that unlocking and auditing take with cryptsetup's and with systemd's own units; the start of the program
	Tests/Lab/bench
	Tests/Lab/bench-images
	$(MAKE) deb
	Tests/Lab/bench-start

check: ## Format, lint and build without a warning
	Tests/Lab/install
	swift format lint --strict --recursive Package.swift Sources Tests
	shellcheck --external-sources $(SCRIPTS)
	cd Playbooks && PATH=$$(../Tests/Lab/ansible/newest):$$PATH ansible-lint -q
	swift build --build-tests

format: ## Format the Swift files in place
	swift format --in-place --recursive Package.swift Sources Tests

build: ## Build the program for servers: .build/release/esvault
	Tests/Lab/install
	$(RELEASE)

man: build ## Write the manual pages to .build/man
	Documentation/generate man

completions: build ## Write completions for bash, zsh and fish to .build/completions
	Documentation/generate completions

deb: ## Build the Debian package: .build/deb/esvault_<version>_<architecture>.deb
	Tests/Lab/install
	debian/rules clean binary

rpm: man completions ## Build the same as an RPM: .build/rpm/esvault-<version>-1.<architecture>.rpm
	rm -rf .build/rpm
	rpmbuild --quiet -bb --define "sources $(CURDIR)" --define "_topdir $(CURDIR)/.build/rpm" \
	  --define "_rpmdir $(CURDIR)/.build/rpm" \
	  --define "_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm" Packaging/esvault.spec

install: ## Install what 'make man completions' built, below DESTDIR: for packages
	install -D -m 755 .build/release/esvault $(DESTDIR)/usr/sbin/esvault
	# The build's own search path for libraries has no meaning elsewhere.
	chrpath --delete $(DESTDIR)/usr/sbin/esvault
	install -D -m 644 -t $(DESTDIR)/usr/share/man/man8 .build/man/*.8
	install -D -m 644 .build/completions/esvault.bash $(DESTDIR)/usr/share/bash-completion/completions/esvault
	install -D -m 644 .build/completions/esvault.zsh $(DESTDIR)$(ZSH)/_esvault
	install -D -m 644 .build/completions/esvault.fish $(DESTDIR)/usr/share/fish/vendor_completions.d/esvault.fish
	install -D -m 644 -t $(DESTDIR)$(UNITS) Packaging/esvault-provision.service
	install -D -m 644 -t $(DESTDIR)/usr/share/doc/esvault README.md
	install -D -m 644 -t $(DESTDIR)/usr/share/doc/esvault/Documentation Documentation/operations.md
	install -D -m 644 -t $(DESTDIR)/usr/share/doc/esvault/Documentation/schemas Documentation/schemas/*.json
	install -D -m 644 -t $(DESTDIR)/usr/share/doc/esvault/examples Packaging/esvault.yml

clean: ## Remove what was built; the lab's cache in ~/.cache/esvault stays
	swift package clean
