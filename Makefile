# loyalty: `make` builds build/loyalty; `make demo` shows it; `make check` proves it. README.md tells the rest.
.DEFAULT_GOAL := all
BUILD ?= build
CC ?= gcc
PKG_CONFIG ?= pkg-config

# What Debian 12 calls the things we need; db/demo/install.sh installs those that are missing.
BUILD_PACKAGES := gcc make pkg-config libncurses-dev libpq-dev libssl-dev libconfig-dev
DEMO_PACKAGES := $(BUILD_PACKAGES) postgresql postgresql-contrib
CHECK_PACKAGES := $(DEMO_PACKAGES) check libvterm-dev msmtp
FUZZ_PACKAGES := $(CHECK_PACKAGES) clang libclang-rt-dev

# What builds before it runs something builds on all processors, unless make was told how many.
JOBS = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 2))

# A user's CFLAGS are kept apart from what the program needs to be right and hard to break (OpenSSF hardening guide).
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wvla -Wimplicit-fallthrough -Werror
HARDENING := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE \
	-fno-strict-aliasing -fno-strict-overflow -fno-delete-null-pointer-checks
ifeq ($(shell uname -m),x86_64)
HARDENING += -fcf-protection=full
endif
LDHARDENING := -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed
SANITIZE ?=
ifneq ($(SANITIZE),)
HARDENING := -fPIE -fno-omit-frame-pointer -fsanitize=$(SANITIZE) -fno-sanitize-recover=all
LDHARDENING := -pie -fsanitize=$(SANITIZE)
endif
PACKAGES := ncursesw libpq libconfig libcrypto
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unreleased)
FINAL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -D_XOPEN_SOURCE_EXTENDED=1 -DLOYALTY_VERSION='"$(VERSION)"' -I. \
	$(WARNINGS) $(HARDENING) $(CFLAGS) $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
LIBS = $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -lpthread -lm
CHECK_LIBS = $(shell $(PKG_CONFIG) --libs check vterm) -lutil

SOURCES := $(wildcard app/*.c screens/*.c screens/*/*.c model/*.c model/*/*.c db/*.c)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/embedded.o
LIBRARY_OBJECTS := $(filter-out $(BUILD)/app/main.o,$(OBJECTS))
CHECK_SOURCES := $(wildcard tests/*.c tests/tui/*.c) $(filter-out %/entry.c,$(wildcard tests/fuzz/*.c))
CHECK_OBJECTS := $(CHECK_SOURCES:%.c=$(BUILD)/%.o)
# Files that travel inside the binary: migrations, programme presets, campaign templates, demo data, help texts.
EMBEDDED := $(sort $(wildcard db/schema/*.sql db/programmes/*.conf db/campaigns/*.conf db/demo/*.txt))

# What is made, a line each; V=1 shows the commands.
SAY = $(if $(V),,@echo '  $(1) $@';)

all: $(BUILD)/loyalty

$(BUILD)/loyalty: $(OBJECTS)
	$(call SAY,LD)$(CC) $(LDHARDENING) -o $@ $^ $(LIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call SAY,CC)$(CC) $(FINAL_CFLAGS) -MMD -MP -c -o $@ $<

# The folders too: a file that is renamed or gone changes them only.
$(BUILD)/embedded.S: $(EMBEDDED) $(sort $(dir $(EMBEDDED))) Makefile
	@mkdir -p $(@D)
	@{ printf '.section .rodata\n'; n=0; for f in $(EMBEDDED); do \
	  printf '.L%dn: .string "%s"\n.L%dt: .incbin "%s"\n.L%de: .byte 0\n' $$n $$f $$n $$f $$n; n=$$((n+1)); done; \
	  printf '.section .data.rel.ro,"aw"\n.balign 8\n.globl embedded_files\nembedded_files:\n'; n=0; for f in $(EMBEDDED); do \
	  printf '.quad .L%dn, .L%dt, .L%de - .L%dt\n' $$n $$n $$n $$n; n=$$((n+1)); done; \
	  printf '.quad 0, 0, 0\n.section .note.GNU-stack,"",@progbits\n'; } >$@

$(BUILD)/embedded.o: $(BUILD)/embedded.S
	$(call SAY,CC)$(CC) -c -o $@ $<

# Tests: every tests/check_NAME.c defines `Suite *NAME_suite(void)`; one runner runs them all and ends with the totals. The
# slow ones begin, so that the lanes end together.
SLOW_SUITES := faults golden alive torture members habits terminal
SUITES := $(SLOW_SUITES) $(filter-out $(SLOW_SUITES),$(patsubst tests/check_%.c,%,$(wildcard tests/check_*.c)))
$(BUILD)/tests/suites.h: $(wildcard tests/check_*.c) Makefile
	@mkdir -p $(@D)
	@for s in $(SUITES); do printf 'SUITE(%s)\n' $$s; done >$@
$(BUILD)/tests/runner.o: $(BUILD)/tests/suites.h
$(BUILD)/tests/%.o: FINAL_CFLAGS += -I$(BUILD) $(shell $(PKG_CONFIG) --cflags check vterm 2>/dev/null)

# A program of the toolkit alone, driven by tests/check_ui.c through a pseudo-terminal.
TOOLKIT_OBJECTS := $(filter $(BUILD)/screens/ui/%,$(OBJECTS))
$(BUILD)/sampler: $(BUILD)/tests/tui/sampler/sampler.o $(TOOLKIT_OBJECTS)
	$(call SAY,LD)$(CC) $(LDHARDENING) -o $@ $^ $(LIBS)

$(BUILD)/check: $(CHECK_OBJECTS) $(LIBRARY_OBJECTS) | $(BUILD)/sampler
	$(call SAY,LD)$(CC) $(LDHARDENING) -o $@ $^ $(LIBS) $(CHECK_LIBS)

install-build install-demo install-check install-fuzz:
	@sh db/demo/install.sh $($(shell echo $(@:install-%=%) | tr a-z A-Z)_PACKAGES)

# A busy machine must not fail a test: the limits there are for hangs, so they may be wide, and wider than what a test waits
# for by itself (VT_PATIENCE_MS). CK_TIMEOUT_MULTIPLIER widens Check's.
TEST_ENVIRONMENT = LOYALTY=$(CURDIR)/$(BUILD)/loyalty CK_DEFAULT_TIMEOUT=12 CK_TIMEOUT_MULTIPLIER=$${CK_TIMEOUT_MULTIPLIER:-5}

check: install-check
	@$(MAKE) --no-print-directory $(JOBS) $(BUILD)/loyalty $(BUILD)/check
	@$(TEST_ENVIRONMENT) sh db/demo/cluster.sh with $(BUILD)/cluster \
	  $(if $(CK_RUN_SUITE),,sh db/demo/cluster.sh with $(BUILD)/cluster2) $(BUILD)/check

# The long runs: 50 kills of workers, of campaigns and of those who write answers to surveys, every golden case with a worker after each event,
# and 200 people of the desk at once for ten minutes. LOYALTY_SEED repeats a run; `make soak SOAK=shift LOYALTY_SECONDS=30` is a
# short one of the last.
SOAK ?= faults campaign_run golden survey shift
soak: install-check
	@$(MAKE) --no-print-directory $(JOBS) $(BUILD)/loyalty $(BUILD)/check
	@for suite in $(SOAK); do \
	  LOYALTY_SOAK=1 LOYALTY_ROUNDS=$${LOYALTY_ROUNDS:-50} CK_RUN_SUITE=$$suite $(TEST_ENVIRONMENT) \
	    sh db/demo/cluster.sh with $(BUILD)/cluster $(BUILD)/check || exit 1; done

# An agent's day at the screens, to look at: twenty cases, driven by keys in tmux, and the manager's figures of it.
day: install-check
	@command -v tmux >/dev/null || sh db/demo/install.sh tmux
	@$(MAKE) --no-print-directory $(JOBS) $(BUILD)/loyalty
	@BUILD=$(BUILD) sh tests/day/day.sh

# 1 MB of random keys over 50 seeds at the program with the sanitizers of address and undefined behaviour. CHECK_SEED=N
# repeats one.
soak-keys: install-check
	@$(MAKE) --no-print-directory $(JOBS) BUILD=$(BUILD)-asan SANITIZE=address,undefined $(BUILD)-asan/loyalty $(BUILD)-asan/check
	@LOYALTY=$(CURDIR)/$(BUILD)-asan/loyalty CHECK_SEEDS=$${CHECK_SEEDS:-50} CK_RUN_SUITE=random \
	  sh db/demo/cluster.sh with $(BUILD)-asan/cluster $(BUILD)-asan/check

# libFuzzer with the sanitizers of address and undefined behaviour at everything that reads bytes of unknown origin.
FUZZ_TARGETS := programme scenario csv decimal day condition
# What reads conditions and knows no database.
CONDITION_SOURCES := $(filter-out %/audience.c %/names.c %/segment.c,$(wildcard model/segment/*.c))
FUZZ_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,tests/fuzz/fuzz.c tests/engine_random.c model/import/csv.c model/amount.c db/text.c \
	db/error.c $(wildcard model/engine/*.c) $(CONDITION_SOURCES))
$(BUILD)/tests/fuzz/entry_%.o: tests/fuzz/entry.c tests/fuzz/fuzz.h
	@mkdir -p $(@D)
	$(call SAY,CC)$(CC) $(FINAL_CFLAGS) -DFUZZ_TARGET=fuzz_$* -c -o $@ $<
$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/entry_%.o $(BUILD)/tests/fuzz/fuzz_%.o $(FUZZ_OBJECTS)
	$(call SAY,LD)$(CC) $(LDHARDENING) -fsanitize=fuzzer -o $@ $^ $(LIBS)

.SECONDARY: $(FUZZ_TARGETS:%=$(BUILD)/tests/fuzz/entry_%.o)

fuzz: install-fuzz
	@$(MAKE) --no-print-directory BUILD=$(BUILD)-fuzz CC=clang SANITIZE=fuzzer-no-link,address,undefined \
	  $(FUZZ_TARGETS:%=$(BUILD)-fuzz/fuzz_%)
	@sh tests/fuzz/run.sh $(BUILD)-fuzz

# Whether the tests of the engine catch the faults listed in tests/mutation/faults.
mutation: install-check
	@sh tests/mutation/run.sh $(CURDIR)/$(BUILD)-mutation

# Ratios against floors measured in the same run; tests/bench/run.sh tells its settings.
BENCH_PROGRAMS := floor screens latency timed engine surveys insights
$(BUILD)/bench/floor: $(BUILD)/tests/bench/floor.o
$(BUILD)/bench/screens: $(patsubst %,$(BUILD)/tests/bench/%.o,screens subject relay) $(BUILD)/tests/tui/vt.o $(LIBRARY_OBJECTS)
$(BUILD)/bench/latency: $(BUILD)/tests/bench/latency.o $(LIBRARY_OBJECTS)
$(BUILD)/bench/timed: $(BUILD)/tests/bench/timed.o
$(BUILD)/bench/surveys: $(BUILD)/tests/bench/surveys.o $(LIBRARY_OBJECTS)
$(BUILD)/bench/insights: $(BUILD)/tests/bench/insights.o $(LIBRARY_OBJECTS)
$(BUILD)/bench/engine: $(patsubst %,$(BUILD)/tests/%.o,bench/engine engine_random) $(LIBRARY_OBJECTS)
$(BENCH_PROGRAMS:%=$(BUILD)/bench/%):
	@mkdir -p $(@D)
	$(call SAY,LD)$(CC) $(LDHARDENING) -o $@ $^ $(LIBS) $(CHECK_LIBS)

bench: install-check
	@$(MAKE) --no-print-directory $(JOBS) $(BUILD)/loyalty $(BENCH_PROGRAMS:%=$(BUILD)/bench/%)
	@BUILD=$(BUILD) sh tests/bench/run.sh

# ROLE=support|marketing|manager|admin; DEMO_MEMBERS=20000 where there is no demo yet.
ROLE ?= support
demo: install-demo
	@$(MAKE) --no-print-directory -q $(BUILD)/loyalty || $(MAKE) --no-print-directory $(JOBS) $(BUILD)/loyalty
	@sh db/demo/demo.sh start $(abspath $(BUILD)/loyalty) '$(ROLE)' '$(DEMO_MEMBERS)'
demo-stop demo-clean:
	@sh db/demo/demo.sh $(@:demo-%=%)

prefix ?= /usr/local
install: $(BUILD)/loyalty
	install -d $(DESTDIR)$(prefix)/bin $(DESTDIR)$(prefix)/share/man/man1 $(DESTDIR)$(prefix)/share/doc/loyalty \
		$(DESTDIR)$(prefix)/share/bash-completion/completions $(DESTDIR)$(prefix)/share/zsh/site-functions
	install -m 755 $(BUILD)/loyalty $(DESTDIR)$(prefix)/bin/loyalty
	install -m 644 loyalty.conf README.md $(DESTDIR)$(prefix)/share/doc/loyalty
	$(BUILD)/loyalty --man >$(DESTDIR)$(prefix)/share/man/man1/loyalty.1
	$(BUILD)/loyalty --completion bash >$(DESTDIR)$(prefix)/share/bash-completion/completions/loyalty
	$(BUILD)/loyalty --completion zsh >$(DESTDIR)$(prefix)/share/zsh/site-functions/_loyalty

clean:
	rm -rf $(BUILD)

.PHONY: all bench check day soak soak-keys fuzz mutation clean install-build install-demo install-check install-fuzz demo demo-stop demo-clean install
-include $(OBJECTS:.o=.d) $(CHECK_OBJECTS:.o=.d) $(BUILD)/tests/tui/sampler/sampler.d $(wildcard $(BUILD)/tests/bench/*.d)
