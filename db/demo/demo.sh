#!/bin/sh
# The demo: a durable private cluster under .demo/ with made-up data, a worker, and the screens.
#   demo.sh start LOYALTY ROLE MEMBERS   makes what is missing, then opens the screens as ROLE when there is a terminal
#   demo.sh stop | clean                 clean also takes the data away
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
demo=$(pwd -P)/.demo
cluster=$demo/cluster

die()
{
	echo "loyalty: $*" >&2
	exit 1
}

# The worker's process, if the one that was started still runs: numbers of processes come again.
worker_pid()
{
	[ -s "$demo/worker.pid" ] || return 1
	read -r pid <"$demo/worker.pid"
	[ -r "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q 'loyalty worker' && echo "$pid"
}

worker_stop()
{
	pid=$(worker_pid) || return 0
	kill -TERM "$pid" 2>/dev/null || return 0
	tries=0
	while kill -0 "$pid" 2>/dev/null && [ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	rm -f "$demo/worker.pid"
}

# A worker of an older build gives way.
worker_start()
{
	if worker_pid >/dev/null; then
		[ -n "$(find "$loyalty" -newer "$demo/worker.pid")" ] || return 0
		worker_stop
	fi
	PGUSER=isci setsid nohup "$loyalty" worker >>"$demo/worker.log" 2>&1 </dev/null &
	echo $! >"$demo/worker.pid"
}

database_make()
{
	[ "$(psql -d postgres -XtAc "SELECT 1 FROM pg_database WHERE datname = 'loyalty'")" = 1 ] ||
		psql -d postgres -Xqc 'CREATE DATABASE loyalty'
	"$loyalty" migrate >"$demo/migrate.log" || die "the demo is of another version; make demo-clean starts afresh"
}

# Each step leaves alone what an interrupted one has done already.
data_make()
{
	if [ -s "$demo/ready" ]; then
		[ "$(cat "$demo/ready")" = "$members" ] || [ -z "$members" ] ||
			echo "the demo has $(cat "$demo/ready") members; make demo-clean first for another number"
		return 0
	fi
	[ -n "$members" ] || members=$(cat "$demo/wanted" 2>/dev/null || echo 20000)
	echo "$members" >"$demo/wanted"
	worker_stop
	"$loyalty" staff add deniz 'Deniz Şahin' support >/dev/null
	"$loyalty" staff add elif 'Elif Aydın' marketing >/dev/null
	"$loyalty" staff add murat 'Murat Çelik' manager >/dev/null
	"$loyalty" staff add ada 'Ada Öztürk' admin >/dev/null
	"$loyalty" staff add isci 'İşçi' worker >/dev/null
	"$loyalty" programme load starbucks_us_2026 >/dev/null
	psql -Xqc "UPDATE loyalty.programme SET cluster_word = 'DEMO'"
	echo "making demo data: $members members"
	PGOPTIONS='-c synchronous_commit=off' "$loyalty" demo-data --members "$members"
	# What no ledger knows, so that every figure is there; of all sales about six in ten are members'.
	psql -XqAt >/dev/null <<-'SQL'
	SELECT loyalty.insight_set(s.name, s.value) FROM (VALUES ('margin', 30), ('years', 3), ('discount', 10)) s (name, value);
	SELECT loyalty.insight_sales_set(j.month, j.sales) FROM (SELECT date_trunc('month', activity_on)::date AS month, (count(*) / 0.62)::bigint AS sales
	  FROM loyalty.journal WHERE type = 'purchase' GROUP BY 1) j ORDER BY j.month;
	SQL
	psql -Xqc 'VACUUM ANALYZE' -c CHECKPOINT
	echo "$members" >"$demo/ready"
}

start()
{
	case $role in
	support) login=deniz ;;
	marketing) login=elif ;;
	manager) login=murat screen=surveys ;;
	admin) login=ada ;;
	*) die "there is no ROLE $role; it is support, marketing, manager or admin" ;;
	esac
	mkdir -p "$demo"
	sh "$here/cluster.sh" --durable start "$cluster"
	eval "$(sh "$here/cluster.sh" env "$cluster")"
	export PGDATABASE=loyalty
	unset PGSERVICE PGPASSWORD LOYALTY_DATABASE PGOPTIONS
	database_make
	data_make
	worker_start
	if [ -t 0 ] && [ -t 1 ]; then
		PGUSER=$login exec "$loyalty" --screen "${screen:-members}"
	fi
	cat <<TEXT
The demo runs. To open its screens, on a terminal:
  make demo                      as support; ROLE=marketing, manager (opens on Surveys) or admin opens as another
To look at it from the command line:
  export PGHOST=$PGHOST PGPORT=$PGPORT PGDATABASE=loyalty PGUSER=$login
  $loyalty member find yılmaz
make demo-stop stops it and keeps the data; make demo-clean removes it.
TEXT
}

stop()
{
	worker_stop
	sh "$here/cluster.sh" stop "$cluster"
}

case ${1:-} in
start)
	[ $# -ge 3 ] || die "usage: demo.sh start LOYALTY ROLE [MEMBERS]"
	loyalty=$2
	role=$3
	members=${4:-}
	start
	;;
stop)
	[ ! -d "$cluster" ] || stop
	;;
clean)
	if [ -d "$cluster" ]; then
		worker_stop
		sh "$here/cluster.sh" destroy "$cluster"
	fi
	rm -rf "$demo"
	;;
*) die "usage: demo.sh start LOYALTY ROLE [MEMBERS] | stop | clean" ;;
esac
