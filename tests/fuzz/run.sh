#!/bin/sh
# `make fuzz`: looks for bytes that break one of the readers. What it finds lies in build-fuzz/found, made small; a
# file of that belongs, once the fault is mended, into tests/fuzz/corpus, which `make check` replays.
#   FUZZ_SECONDS=N    for each of them (600)
#   FUZZ_ONLY='...'   some of: programme scenario csv decimal day
set -eu
build=$1
seconds=${FUZZ_SECONDS:-600}
broken=0
mkdir -p "$build/found"
# The words that documents are made of.
cat tests/golden/programmes/*.conf tests/golden/*.conf | grep -oE '[a-z_]{2,}' | sort -u | sed 's/.*/"&"/' >"$build/words"
for name in ${FUZZ_ONLY:-programme scenario csv decimal day}; do
	seeds=tests/fuzz/corpus/$name options=''
	case $name in
	programme) seeds="$seeds tests/golden/programmes tests/refuse db/programmes" options="-dict=$build/words" ;;
	scenario) seeds="$seeds tests/golden tests/refuse" options="-dict=$build/words" ;;
	esac
	case $name in
	programme | scenario) options="$options -max_len=8192" ;;
	csv) options="-max_len=65536" ;;
	*) options="-max_len=40" ;;
	esac
	mkdir -p "$build/corpus/$name"
	# shellcheck disable=SC2086
	if ! "$build/fuzz_$name" -max_total_time="$seconds" -timeout=10 -artifact_prefix="$build/found/$name-" $options \
		-print_final_stats=1 -verbosity=0 "$build/corpus/$name" $seeds >"$build/$name.log" 2>&1; then
		broken=1
		tail -40 "$build/$name.log"
	fi
	printf '%-10s %s\n' "$name" "$(awk '/number_of_executed_units/ { runs = $2 } /new_units_added/ { new = $2 }
		/peak_rss_mb/ { rss = $2 } END { print runs + 0, "runs,", new + 0, "new ways through,", rss + 0, "MB at most" }' \
		"$build/$name.log")"
done
for found in "$build"/found/*; do
	case $found in *-crash-* | *-leak-* | *-oom-*) ;; *) continue ;; esac
	name=$(basename "$found")
	"$build/fuzz_${name%%-*}" -minimize_crash=1 -max_total_time=60 -exact_artifact_path="$found" "$found" >/dev/null 2>&1 || true
	echo "found: $found"
	broken=1
done
exit $broken
