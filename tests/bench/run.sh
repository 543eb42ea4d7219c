#!/bin/sh
# `make bench`: measures loyalty against its floors on a private, durable cluster and prints each ratio beside its limit.
#   BENCH_MEMBERS=N   members; finding is measured at ten times as many too (100000)
#   BENCH_EVENTS=N    events a round of posting and importing (20000), on BENCH_POSTING members (50000)
#   BENCH_ROUNDS=N    interleaved rounds of which the median counts (3)
#   BENCH_IDLE=N      seconds that an idle screen is watched (10)
#   BENCH_ANSWERS=N   answers to a survey, measured at a tenth of as many too (5000000)
#   BENCH_ONLY='...'  some of: engine screens search posting import audit night what_if segments surveys insights campaigns cases
#   KEEP=1            leaves the cluster and its databases under build/bench
set -eu
here=tests/bench
build=${BUILD:-build}
work=$(pwd)/$build/bench
members=${BENCH_MEMBERS:-100000} events=${BENCH_EVENTS:-20000} posting=${BENCH_POSTING:-50000}
rounds=${BENCH_ROUNDS:-3} idle=${BENCH_IDLE:-10} only=${BENCH_ONLY:-engine screens search posting import audit night what_if segments surveys insights campaigns cases}
probes=${BENCH_PROBES:-100}
samples=$work/samples.tsv
export LOYALTY="${LOYALTY:-$(pwd)/$build/loyalty}" LOYALTY_FLOOR="$work/floor"
export XDG_CONFIG_HOME="$work/no-configuration"
worker=''

say()
{
	echo "bench: $*" >&2
}

wanted()
{
	case " $only " in *" $1 "*) return 0 ;; esac
	return 1
}

sql()
{
	psql -qAtX -F '	' -v ON_ERROR_STOP=1 "$@"
}

tidy()
{
	[ -z "$worker" ] || kill "$worker" 2>/dev/null || true
	if [ -n "${KEEP:-}" ]; then
		say "kept: eval \"\$(sh db/demo/cluster.sh env $work/cluster)\""
	else
		sh db/demo/cluster.sh destroy "$work/cluster"
		rm -rf "$work"/*.conf "$work"/*.rows "$work"/*.tsv "$work"/*.csv "$work"/*.log "$work/usual.pgbench" "$work/relay"
	fi
}

# A server as one would set it up for this: the rest of its settings are the demo's.
start()
{
	mkdir -p "$work"
	: >"$samples"
	trap 'exit 130' INT TERM
	trap tidy EXIT
	sh db/demo/cluster.sh --durable start "$work/cluster"
	eval "$(sh db/demo/cluster.sh env "$work/cluster")"
	sql -c "ALTER SYSTEM SET shared_buffers = '1GB'" -c "ALTER SYSTEM SET max_wal_size = '16GB'"
	sh db/demo/cluster.sh stop "$work/cluster"
	sh db/demo/cluster.sh --durable start "$work/cluster"
}

# A database of that name with the schema, staff, the bench's programme and so many members.
make_database()
{
	say "$1: $2 members"
	dropdb --if-exists -f "$1" 2>/dev/null
	createdb "$1"
	export PGDATABASE="$1"
	"$LOYALTY" migrate >&2
	sql -c "SELECT loyalty.staff_add('deniz', 'Deniz Aydın', 'support'), loyalty.staff_add('isci', 'Worker', 'worker'),
		loyalty.staff_add('kasa', 'Till 1', 'pos'), loyalty.staff_add('ada', 'Ada Işık', 'admin')" >/dev/null
	"$LOYALTY" programme load $here/programme.conf >&2
	sql -v members="$2" -f $here/members.sql >/dev/null
}

# Made once for screens and search.
make_lists()
{
	if [ -n "${lists_made:-}" ]; then return; fi
	lists_made=yes
	for database in members tenfold; do
		count=$members
		[ $database = members ] || count=$((members * 10))
		make_database $database $count
		sql -f $here/standings.sql >/dev/null
		sql -f $here/floor.sql >/dev/null
		sql -v members=$count -v each="$probes" -v seed=0.2026 -f $here/probes.sql >/dev/null
	done
	sql -c CHECKPOINT
}

measure_search()
{
	make_lists
	say "find as you type"
	for round in $(seq 0 "$rounds"); do # round 0 warms up
		for database in members tenfold; do
			PGUSER=deniz sql -d $database -v round="$round" -f $here/searched.sql
		done
	done
	for database in members tenfold; do
		sql -d $database -c "SELECT '$database.search_p99', 1, percentile_cont(0.99) WITHIN GROUP (ORDER BY ms) FROM bench.found" >>"$samples"
	done
}

measure_screens()
{
	make_lists
	for database in members tenfold; do
		say "screens, $database"
		pages=5000
		[ $((members / 30)) -ge $pages ] || pages=$((members / 30))
		# Its rounds take seconds: three for each of the others.
		PGUSER=deniz PGDATABASE=$database "$work/screens" $((rounds * 3)) $pages "$idle" "$work/relay" >"$work/screens.tsv"
		sed "s/^/$database./" "$work/screens.tsv" >>"$samples"
	done
}

# The usual design keeps no figures of managers; the worker does.
post_round()
{
	sql -v round="$1" -v events="$events" -f $here/events.sql >/dev/null
	"$work/timed" usual.events "$1" "$events" pgbench -n -c 8 -j 2 -M prepared -t $((events / 8)) -D round="$1" -f "$work/usual.pgbench" >>"$samples"
	import_no=$(PGUSER=kasa sql -v round="$1" -f $here/stage.sql)
	"$work/timed" worker.events "$1" "$events" sh -c "PGUSER=kasa psql -qAtX -v ON_ERROR_STOP=1 -v import_no=$import_no -v events=$events \
		-f $here/take.sql && PGUSER=isci $LOYALTY worker --once" >>"$samples"
	(cd "$work" && sql -f "$OLDPWD/$here/rows.sql")
	(cd "$work" && sql -v round="$1" -v events="$events" -f "$OLDPWD/$here/bare.sql") >>"$samples"
}

make_posting()
{
	if [ -n "${posting_made:-}" ]; then export PGDATABASE=posting; return; fi
	posting_made=yes
	make_database posting "$posting"
	sql -f $here/posting.sql >/dev/null
	PGUSER=isci "$LOYALTY" worker --once >&2
	sql -c 'VACUUM ANALYZE'
}

measure_posting()
{
	make_posting
	sql -f $here/usual.sql >/dev/null
	echo "SELECT usual.post(nextval('bench.turn'), :round);" >"$work/usual.pgbench"
	for round in $(seq 1 "$rounds"); do
		say "posting, round $round"
		post_round "$round"
	done
	say "one waiting event on an idle worker"
	PGUSER=isci "$LOYALTY" worker >"$work/worker.log" 2>&1 &
	worker=$!
	PGUSER=kasa "$work/latency" 200 >>"$samples"
	kill "$worker"
	wait "$worker" || true
	worker=''
}

# Five times as many, so that starting counts for little.
import_round()
{
	lines=$((events * 5))
	sql -v round="1$1" -v events="$lines" -f $here/events.sql >/dev/null
	sql -v round="1$1" -f $here/file.sql >"$work/events.csv"
	PGUSER=ada "$work/timed" import.lines "$1" "$lines" "$LOYALTY" import events "$work/events.csv" >>"$samples"
	(cd "$work" && sql -v round="$1" -v events="$lines" -f "$OLDPWD/$here/copy.sql") >>"$samples"
}

measure_import()
{
	make_posting
	for round in $(seq 1 "$rounds"); do
		say "import, round $round"
		import_round "$round"
	done
}

# Instructions are counted where valgrind is there to count them: over 200,000 events.
measure_engine()
{
	for code in starbucks_us_2026 delta_2025; do
		say "engine, $code"
		"$work/engine" $code db/programmes/$code.conf "$rounds" >>"$samples"
		if ! command -v valgrind >/dev/null; then continue; fi
		valgrind --tool=callgrind --callgrind-out-file=/dev/null '--toggle-collect=lives_live*' \
			"$work/engine" $code db/programmes/$code.conf 0 2>&1 |
			awk -v code=$code '/Collected/ { printf "%s.instructions\t1\t%.6g\n", code, $NF / 200000 }' >>"$samples"
	done
}

# Members with ten events and more each.
measure_audit()
{
	make_posting
	count=$((posting * 10))
	say "audit"
	sql -v round=99 -v events=$count -f $here/events.sql >/dev/null
	import_no=$(PGUSER=kasa sql -v round=99 -f $here/stage.sql)
	PGUSER=kasa sql -v import_no="$import_no" -v events=$count -f $here/take.sql >/dev/null
	PGUSER=isci "$LOYALTY" worker --once --no-figures >&2
	sql -c 'VACUUM ANALYZE'
	count=$(sql -c 'SELECT count(*) FROM loyalty.journal')
	for round in $(seq 1 "$rounds"); do
		PGUSER=ada "$work/timed" audit.events "$round" "$count" "$LOYALTY" verify --replay 100 --lanes 4 >>"$samples"
	done
}

# Two nights on which points expire, on the first those of every hundredth member, on the second those of all others; and
# one with nobody due, whose seconds are what starting takes.
measure_night()
{
	make_database night "$members"
	sql -f $here/night.sql >/dev/null
	say "nights"
	PGUSER=isci "$LOYALTY" worker --once >&2
	sql -c 'VACUUM ANALYZE' -c CHECKPOINT
	for night in nobody hundredth others; do
		day=$(sql -c "SELECT day FROM bench.night WHERE night = '$night'")
		PGUSER=isci "$work/timed" $night 1 1 "$LOYALTY" worker --once --as-of "$day"
	done | awk '{ seconds[$1] = 1 / $3 } END { for (night in seconds)
		printf "night.%s\t1\t%.6g\n", night, seconds[night] - (night == "nobody" ? 0 : seconds["nobody"]) }' >>"$samples"
	[ "$(sql -c 'SELECT count(*) FROM loyalty.balance WHERE points <> 0')" = 0 ]
}

# A database of that name with members of the demo, really posted, and then many times as many standing where those stand.
make_demo()
{
	say "$1: $members members"
	dropdb --if-exists -f "$1" 2>/dev/null
	createdb "$1"
	export PGDATABASE="$1"
	"$LOYALTY" migrate >&2
	sql -c "SELECT loyalty.staff_add('deniz', 'Deniz Şahin', 'support'), loyalty.staff_add('elif', 'Elif Aydın', 'marketing'),
		loyalty.staff_add('murat', 'Murat Çelik', 'manager'), loyalty.staff_add('ada', 'Ada Öztürk', 'admin'),
		loyalty.staff_add('isci', 'İşçi', 'worker')" >/dev/null
	"$LOYALTY" programme load starbucks_us_2026 >&2
	"$LOYALTY" demo-data --members 2000 >&2
	sql -v members="$members" -f $here/multiply.sql
}

make_what_if()
{
	make_demo what_if
	sed 's/code = "starbucks_us_2026"/code = "draft"/; s/at = "500"/at = "800"/; s/cost = "100"/cost = "120"/' \
		db/programmes/starbucks_us_2026.conf >"$work/draft.conf"
}

measure_what_if()
{
	make_what_if
	for round in $(seq 0 "$rounds"); do # round 0 warms up
		say "what-if, round $round"
		for all in true false; do
			"$work/timed" what_if.aggregate_$all "$round" "$members" psql -qAtX -v ON_ERROR_STOP=1 -v all=$all -f $here/aggregate.sql
		done
		PGUSER=elif "$work/timed" what_if.exact "$round" "$members" sh -c "$LOYALTY what-if $work/draft.conf --exact >/dev/null"
		PGUSER=elif "$work/timed" what_if.estimate "$round" 1 sh -c "$LOYALTY what-if $work/draft.conf --estimate >/dev/null"
	done | grep -v '	0	' >>"$samples"
}

# All panels of the Surveys screen, at the worst of its grains and dimensions; the same over ten times the answers.
measure_surveys()
{
	answers=${BENCH_ANSWERS:-5000000}
	dropdb --if-exists -f surveys 2>/dev/null
	createdb surveys
	export PGDATABASE=surveys
	"$LOYALTY" migrate >&2
	sql -c "SELECT loyalty.staff_add('murat', 'Murat Çelik', 'manager')" >/dev/null
	for part in tenth all; do
		count=$answers
		[ $part = all ] || count=$((answers / 10))
		say "surveys, $count answers"
		sql -v responses="$count" -f $here/surveys.sql >/dev/null
		PGUSER=murat "$work/surveys" surveys.$part $((rounds * 3)) >>"$samples"
	done
}

# The Insights screen, then all figures counted anew, which must come to the same.
measure_insights()
{
	make_demo insights
	sql -v members="$members" -f $here/insights.sql
	PGUSER=isci "$LOYALTY" worker --once >&2
	say "insights"
	PGUSER=murat "$work/insights" $((rounds * 3)) >>"$samples"
	kept=$(sql -c 'SELECT bench.figures()')
	PGUSER=murat "$LOYALTY" insight recompute >&2
	PGUSER=isci "$work/timed" insights.recompute 1 "$members" sh -c "$LOYALTY worker --once >/dev/null" >>"$samples"
	[ "$(sql -c 'SELECT bench.figures()')" = "$kept" ]
}

# A segment of four clauses against the better of two statements written by hand for it.
measure_segments()
{
	make_demo segments
	sql -v members="$members" -f $here/audience.sql
	condition='tier in (gold, reserve) and last_purchase > 60 days ago and spend(90 days) >= 200 and not open_case'
	for round in $(seq 0 "$rounds"); do # round 0 warms up
		say "segments, round $round"
		for few in true false; do
			"$work/timed" segments.by_hand "$round" "$members" psql -qAtX -v ON_ERROR_STOP=1 -v few=$few -f $here/by_hand.sql
		done | sort -k 3 -g | tail -1
		PGUSER=elif "$work/timed" segments.count "$round" "$members" "$LOYALTY" segment count "$condition"
		PGUSER=elif "$work/timed" segments.estimate "$round" 1 "$LOYALTY" segment count --estimate "$condition"
	done | grep '^segments' | grep -v '	0	' >>"$samples"
}

# A campaign that gives everybody something, against the same events put into the journal by hand; and its dry run over an
# audience of four conditions, against counting that audience and hashing as often as it draws.
measure_campaigns()
{
	make_database campaigns "$members"
	sql -c "SELECT loyalty.staff_add('elif', 'Elif Aydın', 'marketing'), loyalty.staff_add('murat', 'Murat Çelik', 'manager')" >/dev/null
	sql -f $here/night.sql >/dev/null
	PGUSER=isci "$LOYALTY" worker --once >&2
	sql -c 'UPDATE loyalty.campaign_policy SET cooldown_days = 0' -c 'VACUUM ANALYZE' -c CHECKPOINT
	audience="points(POINT) >= 0 and enrolled < 1 days ago and not open_case and status = active"
	today=$(sql -c 'SELECT loyalty.business_day()')
	for round in $(seq 0 "$rounds"); do # round 0 warms up
		say "dry run, round $round"
		sed "s/ROUND/$round/g; s/TODAY/$today/g; s/AUDIENCE/$audience/" $here/campaign.conf >"$work/campaign.conf"
		PGUSER=elif "$LOYALTY" campaign load "$work/campaign.conf" >&2
		number=$(sql -c "SELECT campaign_no FROM loyalty.campaign WHERE code = 'round$round'")
		"$work/timed" campaigns.floor "$round" "$members" sh -c "PGUSER=elif $LOYALTY segment count '$audience' >/dev/null &&
			psql -qAtX -c \"SELECT count(sha256(sha256(convert_to('draw|1|1|' || m.member_id || '|9999', 'UTF8')))) FROM loyalty.member m\" >/dev/null"
		PGUSER=elif "$work/timed" campaigns.dry_run "$round" "$members" sh -c "$LOYALTY campaign dry-run $number --days 1 >/dev/null"
	done | grep -v '	0	' >>"$samples"
	for round in $(seq 1 "$rounds"); do
		say "campaigns, round $round"
		number=$(sql -c "SELECT campaign_no FROM loyalty.campaign WHERE code = 'round$round'")
		PGUSER=elif "$LOYALTY" campaign submit "$number" >&2
		PGUSER=murat "$LOYALTY" campaign approve "$number" >&2
		PGUSER=isci "$work/timed" campaigns.grants "$round" "$members" sh -c "$LOYALTY worker --once >/dev/null"
		sql -v round="$round" -f $here/adjusts.sql
		PGUSER=isci "$work/timed" campaigns.adjusts "$round" "$members" sh -c "$LOYALTY worker --once >/dev/null"
	done >>"$samples"
	[ "$(sql -c "SELECT min(grants) FROM loyalty.campaign WHERE code <> 'round0'")" = "$members" ]
}

# The queues of two hundred people, read in turn, while eight others change cases.
measure_cases()
{
	for database in cases cases_tenfold; do
		count=$members
		[ $database = cases ] || count=$((members * 10))
		make_database $database "$members"
		say "$database: $count cases"
		sql -v cases=$count -f $here/cases.sql
		echo "SELECT loyalty.case_set(c.member_id, c.case_no, NULL, 'tag', 'taken') FROM loyalty.case_take_next() c;" >"$work/take.pgbench"
		PGUSER=deniz pgbench -n -c 8 -R 20 -T 3600 -f "$work/take.pgbench" >"$work/take.log" 2>&1 &
		worker=$!
		for round in $(seq 0 "$rounds"); do # round 0 warms up
			for person in $(seq 1 200); do
				echo "SET SESSION AUTHORIZATION s$person; SELECT bench.read_queues($round);"
			done | sql >/dev/null
		done
		kill $worker
		wait $worker 2>/dev/null || true
		worker=''
		say "$(sql -c "SELECT format('$database: with the time that others had the processor, p99 %s ms', round(percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)::numeric, 1))
			FROM bench.case_read WHERE round > 0"), load $(cut -d' ' -f1 /proc/loadavg)"
		sql -c "SELECT '$database.screen_p99', round, percentile_cont(0.99) WITHIN GROUP (ORDER BY ms - starved_ms) FROM bench.case_read WHERE round > 0 GROUP BY round" >>"$samples"
		sql -c "SELECT '$database.wrong', 1, count(*) FROM loyalty.case_broken()" >>"$samples"
	done
}

start
if wanted engine; then measure_engine; fi
if wanted search; then measure_search; fi
if wanted screens; then measure_screens; fi
if wanted posting; then measure_posting; fi
if wanted import; then measure_import; fi
if wanted audit; then measure_audit; fi
if wanted night; then measure_night; fi
if wanted what_if; then measure_what_if; fi
if wanted segments; then measure_segments; fi
if wanted surveys; then measure_surveys; fi
if wanted insights; then measure_insights; fi
if wanted campaigns; then measure_campaigns; fi
if wanted cases; then measure_cases; fi
export PGDATABASE=postgres
sql -f $here/samples.sql
sql -c "\\copy bench.sample FROM '$samples'"
if wanted search; then
	for database in members tenfold; do psql -qX -d $database -f $here/kinds.sql; done
fi
psql -qX -f $here/report.sql
missed=$(sql -c 'SELECT count(*) FROM bench.verdict WHERE NOT is_ok')
say "$missed missed"
[ "$missed" = 0 ]
