# SPDX-License-Identifier: GPL-2.0
# p25: builds the module and the tools, tests, checks and installs them.
# "make help" lists the targets.

.DEFAULT_GOAL := all

PREFIX ?= /usr/local
MANDIR ?= $(PREFIX)/share/man
DESTDIR ?=

# The kernel to build for: the running one if its build folder is there, else
# the newest one with headers for Debian's cloud kernel, for those who work on p25.
# KVER= chooses another that has a build folder in /lib/modules, KDIR= any build folder.
running := $(shell uname -r)
ifndef KDIR
ifndef KVER
unasked := y
KVER := $(or \
	$(if $(wildcard /lib/modules/$(running)/build),$(running)),\
	$(patsubst linux-headers-%,%,$(notdir $(lastword $(shell \
		ls -dv /usr/src/linux-headers-*-cloud-amd64 2>/dev/null)))))
endif
KDIR := $(or $(wildcard /lib/modules/$(KVER)/build),\
	/usr/src/linux-headers-$(KVER))
endif
KVER ?= $(shell cat $(KDIR)/include/config/kernel.release)

# One folder for each kernel, and one for lint's pickier build. Kbuild wants
# sources and objects in one place: links to the sources are put there. Headers
# packages lack the vmlinux that type information would be made from.
MODULE ?= $(CURDIR)/build/module/$(KVER)
kbuild = $(MAKE) -C $(KDIR) M=$(MODULE) CONFIG_DEBUG_INFO_BTF_MODULES=

CHECKPATCH := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/p25/linux-6.1/scripts/checkpatch.pl
# A for_each macro can't help using its arguments more than once.
checkpatch = $(CHECKPATCH) --strict --no-tree --terse --no-summary \
	--ignore MACRO_ARG_REUSE --file
kernel_files = kmod/% include/uapi/%
kernel_only = PREFER_KERNEL_TYPES,PREFER_DEFINED_ATTRIBUTE_MACRO
c_files = $(sort $(shell find include kmod tools tests -name '*.[ch]'))
scripts = $(sort $(shell grep -rlIE \
	'^(\#!.*\<(ba|da)?sh\>|\# shellcheck shell=)' tests tools debian .ci))
manuals = $(sort $(wildcard Documentation/*.[1-9]))
version = $(shell sed -n 's/^\#define P25_VERSION "\(.*\)"/\1/p' include/version.h)

help:			## list the targets
	@sed -nE 's/^([a-z -]+):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | \
		expand -t 16

all: modules tools	## build the module and the tools (the default)

modules:		## build p25.ko for KVER=, or with KDIR=
	@[ -d "$(KDIR)" ] || \
		{ echo 'No kernel headers; run: tests/deps build' >&2; exit 1; }
	@[ '$(KVER)' = '$(running)' ] || \
		echo 'p25.ko is for Linux $(KVER); $(running) is running' >&2
	@mkdir -p $(MODULE)
	@cp -rsf $(CURDIR)/Kbuild $(CURDIR)/include $(CURDIR)/kmod $(MODULE)/
	$(kbuild) modules

tools:			## build p25ctl and libp25
	$(MAKE) -C tools all

install: installable all	## install it all, with PREFIX= and DESTDIR=
	install -D -m 644 $(MODULE)/p25.ko \
		$(DESTDIR)/lib/modules/$(KVER)/updates/p25.ko
	$(if $(DESTDIR),,depmod $(KVER))
	@$(MAKE) -s install-tools
	$(if $(DESTDIR),,ldconfig)

# Nobody installs a module for a kernel that isn't running without having said so.
installable:
	@[ -z '$(unasked)' ] || [ '$(KVER)' = '$(running)' ] || { \
		echo 'There are no headers of the running kernel, $(running):' \
		'install them, or say KVER=' >&2; exit 1; }

install-tools:
	$(MAKE) -C tools install
	@$(MAKE) -s install-manuals

install-manuals:
	@for page in $(manuals); do \
		to=$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/} && \
		install -D -m 644 $$page $$to && \
		sed -i -e 's/^\.Os .*/.Os p25 $(version)/' \
			-e 's|/usr/local/|$(PREFIX)/|' $$to || exit; \
	done

# The module goes from all kernels that it was installed for.
uninstall: modules_of = $(wildcard $(DESTDIR)/lib/modules/*/updates/p25.ko*)
uninstall:		## remove what install put there
	$(MAKE) -C tools uninstall
	rm -f $(foreach page,$(manuals), \
		$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))
	rm -f $(modules_of)
	$(if $(DESTDIR),,ldconfig)
	$(if $(DESTDIR),,$(foreach kernel,\
		$(patsubst /lib/modules/%/updates/,%,$(dir $(modules_of))),depmod $(kernel);))

dist:			## source tarball build/dist/p25-VERSION.tar.xz
	@tests/deb/dist

deb:			## build the Debian packages into build/deb
	@tests/deps deb
	@tests/deb/packages

test-deb:		## build them, install and purge them in a fresh root
	@tests/deps deb
	@tests/tally tests/deb/run

# The scenarios of tests/router/run, or some of them.
test-router: deb	## the packages on a whole router, booted under traffic, or SCENARIOS=
	@tests/deps router
	@tests/tally 'tests/router/run $(SCENARIOS)'

# What the Debian releases have that are in use or come next: tests/kernels/lib.sh
ALL_KERNELS := 5.10 6.1 6.12 7.2

test:			## run all tests, on each of KERNELS=; installs what they need
	@tests/deps $(if $(KERNELS),kernels,test)
	@$(MAKE) -s all
	@tests/tally '$(MAKE) -s unit' '$(MAKE) -s table' \
		'$(MAKE) -s table PAGE_SHIFT=16' 'tests/fuzz/run short' $(or \
		$(foreach kernel,$(KERNELS),'$(MAKE) -s kselftest KERNEL=$(kernel)'),\
		'$(MAKE) -s kselftest')

test-kernels:		## run all tests on every kernel that p25 is for
	@$(MAKE) -s test KERNELS='$(ALL_KERNELS)'

build-kernels:		## build the module for every kernel that p25 is for
	@tests/deps kernels
	@tests/tally 'tests/kernels/build $(ALL_KERNELS)' tests/kernels/renumbered

unit:			## run the unit tests, or CASE=: no kernel, no root
	@$(if $(CASE),CK_RUN_CASE='$(CASE)') $(MAKE) -C tests/unit check

table:			## test the table by itself, for CC= and PAGE_SHIFT=, emulated by RUN=
	@$(MAKE) -C tests/table check

# How many machines at once, and what a test may take in seconds: tests/vm/parallel
VMS ?=
TEST_LIMIT ?=
kselftest:		## run the tests of the module, or TESTS=, in virtual machines; KERNEL=, VMS=, TEST_LIMIT=
	@$(MAKE) -s -C tests/kselftest all
	@$(if $(KERNEL),echo '# Linux $(KERNEL)')
	@tests/tally 'tests/vm/parallel $(if $(KERNEL),-k $(KERNEL)) \
		$(if $(VMS),-n $(VMS)) $(if $(TEST_LIMIT),-l $(TEST_LIMIT)) \
		'"$$($(MAKE) -s -C tests/kselftest list_tests $(if $(TESTS),TESTS='$(TESTS)'))"

test-session:		## p25-session with pppd, PPPoE, FreeRADIUS and dnsmasq, or TESTS=
	@tests/deps session
	@$(MAKE) -s all
	@tests/tally 'tests/session/run $(TESTS)'

test-watch:		## seen by ynl and Prometheus, or TESTS=
	@tests/deps watch
	@$(MAKE) -s all
	@tests/tally 'tests/watch/run $(TESTS)'

test-fresh:		## try it all on machines with nothing: Debian 13, 12; FRESH=
	@tests/deps fresh
	@tests/tally tests/fresh/failures 'tests/fresh/run $(FRESH)'

# Debian's architectures that a router may have: 64 bits, 32, the other byte order.
MACHINES ?= arm64 armhf s390x
BOOT ?= yes
boot := $(filter-out no,$(BOOT))

test-machines:		## build and run it for other MACHINES=; BOOT=no: without a kernel
	@tests/deps $(if $(boot),machines,cross)
	@tests/tally 'tests/machines/user $(if $(CHANGED),-c) $(MACHINES)' \
		$(if $(boot),'tests/machines/system $(MACHINES)')

test-debug:		## run them, or TESTS=, in kernels with sanitizers
	@tests/deps debug
	@tests/tally 'tests/debug/run $(TESTS)' $(if $(TESTS),,'tests/debug/run kcsan')

test-smp:		## run them where CPUs race, or TESTS=, at this machine's speed
	@tests/deps smp
	@tests/tally 'tests/smp/run $(TESTS)'

fuzz:			## fuzz everything: FUZZ_SECONDS=, FUZZ_MESSAGES=; hours
	@tests/deps fuzz
	@$(MAKE) -s all
	@tests/tally 'tests/fuzz/run long' 'tests/fuzz/run long netlink'

lint:			## check the style and build with every warning on
	@tests/deps lint
	@$(MAKE) -sk lint-style lint-comments lint-modules lint-tools \
		lint-scripts lint-manuals

lint-style:
	@echo 'lint: checkpatch --strict'
	@$(checkpatch) $(filter $(kernel_files),$(c_files))
	@$(checkpatch) --ignore $(kernel_only) $(filter-out $(kernel_files),$(c_files))

lint-comments:
	@echo 'lint: kernel-doc'
	@$(KDIR)/scripts/kernel-doc -none -Werror $(filter kmod/% include/%,$(c_files))

lint-modules:
	@echo 'lint: the module with W=1 and sparse'
	@$(MAKE) -s modules MODULE=$(CURDIR)/build/lint/$(KVER) W=1 C=2 \
		CF='-D__CHECK_ENDIAN__ -Wsparse-error' KCFLAGS=-Werror

lint-tools:
	@echo 'lint: the tools with -Wall -Wextra -Werror'
	@$(MAKE) -s -C tools all BUILD=$(CURDIR)/build/lint/tools WERROR=1

lint-scripts:
	@echo 'lint: shellcheck'
	@shellcheck -x -P SCRIPTDIR $(scripts)

lint-manuals:
	@echo 'lint: mandoc'
	@mandoc -T lint -W warning $(manuals)

demo:			## show the main job: a small provider, with real mail
	@tests/deps demo
	@$(MAKE) -s all
	@tests/demo/run

demo-shell:		## a prompt on the demo's router
	@tests/deps demo
	@$(MAKE) -s all
	@tests/demo/run --shell

bench:			## measure p25 and its peers; QUICK=1: in 5 minutes
	@QUICK=$(QUICK) tests/bench/run

clean:			## remove what was built
	rm -rf build .checkpatch-camelcase.*

.PHONY: help all modules tools install installable install-tools install-manuals \
	uninstall \
	dist deb test-deb test-router \
	test unit table kselftest fuzz test-session test-watch test-debug test-smp test-fresh test-kernels \
	test-machines build-kernels \
	lint lint-style lint-comments lint-modules lint-tools lint-scripts \
	lint-manuals \
	demo demo-shell bench clean
