#!/bin/sh
# `make mutation`: puts the faults listed in tests/mutation/faults into a copy of the sources, one at a time, and tells
# which of them the tests of `make check` catch; 96 of 100 must be.
#   MUTATION_ONLY='...'   the numbers of some faults
#   MUTATION_SECONDS=N    for one suite; a suite that takes longer has caught the fault (120)
#   MUTATION_SUITES='...' other suites, or SUITE/CASE, than those that look at the engine
set -eu
tree=$1
faults=tests/mutation/faults
engine=model/engine
limit=${MUTATION_SECONDS:-120}
# The quick ones first; golden drives the same cases through journal, worker and tables.
suites=${MUTATION_SUITES:-engine/golden properties cancel late engine programme decimal day golden}
caught=0 survived=0 survivors='' present=''

copy_sources()
{
	mkdir -p "$tree"
	tar -c --exclude='./build*' --exclude=.git --exclude=.demo . | tar -x -C "$tree"
}

build()
{
	make -s -C "$tree" BUILD=build WARNINGS=-w CFLAGS=-O1 "build/$1" >"$tree/build.log" 2>&1
}

# Whether the suite fails, or hangs.
catches()
{
	export CK_RUN_SUITE="${1%/*}" CK_FORK=no
	case $1 in
	*/*) export CK_RUN_CASE="${1#*/}" ;;
	*) unset CK_RUN_CASE ;;
	esac
	if [ "$1" = golden ]; then
		build loyalty
		set -- env LOYALTY="$tree/build/loyalty" CK_TIMEOUT_MULTIPLIER=5 sh db/demo/cluster.sh with "$tree/cluster"
	else
		set --
	fi
	! (cd "$tree" && timeout "$limit" "$@" build/check >"$tree/check.log" 2>&1)
}

# The fault in the copy: its code must be there once.
apply()
{
	CODE=$2 FAULT=$3 awk '
		{
			at = index($0, ENVIRON["CODE"])
			if (at > 0) {
				count++
				rest = substr($0, at + length(ENVIRON["CODE"]))
				count += index(rest, ENVIRON["CODE"]) > 0
				$0 = substr($0, 1, at - 1) ENVIRON["FAULT"] rest
			}
			print
		}
		END { exit count != 1 }' "$tree/kept.c" >"$tree/$engine/$1"
}

# The file with the fault and its object as they were, so that nothing else is made anew.
restore()
{
	[ -n "$present" ] || return 0
	cp -p "$tree/kept.c" "$tree/$engine/$present"
	cp -p "$tree/kept.o" "$tree/build/$engine/${present%.c}.o"
	touch "$tree/build/$engine/${present%.c}.o"
	present=''
}

judge()
{
	cp -p "$tree/$engine/$2" "$tree/kept.c"
	cp -p "$tree/build/$engine/${2%.c}.o" "$tree/kept.o"
	present=$2
	if ! apply "$2" "$4" "$5"; then
		echo "fault $1 no longer applies: $2 must have once: $4" >&2
		exit 2
	fi
	if ! build check; then
		cat "$tree/build.log" >&2
		echo "fault $1 does not compile: $5" >&2
		exit 2
	fi
	verdict=SURVIVED
	for suite in $suites; do
		if catches "$suite"; then
			verdict="caught by $suite"
			break
		fi
	done
	restore
	printf '%3d %-18s %-62s %s\n' "$1" "$verdict" "$3" "$2"
	if [ "$verdict" = SURVIVED ]; then
		survived=$((survived + 1)) survivors="$survivors $1"
	else
		caught=$((caught + 1))
	fi
}

trap restore EXIT
trap 'exit 130' INT TERM
copy_sources
build check || { cat "$tree/build.log" >&2; exit 2; }
for suite in $suites; do
	if catches "$suite"; then
		tail -5 "$tree/check.log" >&2
		echo "suite $suite fails without any fault" >&2
		exit 2
	fi
done
began=$(date +%s)
number=0
while IFS= read -r line; do
	case $line in '#'*) continue ;; esac
	number=$((number + 1))
	IFS= read -r code
	IFS= read -r fault
	case " ${MUTATION_ONLY:-$number} " in *" $number "*) ;; *) continue ;; esac
	judge "$number" "${line%%:*}" "${line#*: }" "${code#?}" "${fault#?}" </dev/null
done <$faults
echo "$caught of $((caught + survived)) faults caught in $(($(date +%s) - began)) s${survivors:+; survived:$survivors}"
[ $((caught * 100)) -ge $(((caught + survived) * 96)) ]
