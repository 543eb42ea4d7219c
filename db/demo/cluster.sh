#!/bin/sh
# Private PostgreSQL clusters, as root or as an ordinary user: unix socket only, nothing of the system's own is touched.
#   cluster.sh [--durable] start DIR     make the cluster if there is none, and start it
#   cluster.sh stop DIR | destroy DIR    destroy also takes its data away
#   cluster.sh env DIR                   print the exports that lead psql and loyalty to it
#   cluster.sh with DIR CMD ARGS...      run CMD against a throw-away cluster; the exit status is CMD's. CLUSTERS names
#                                        the sockets' folders of this one and of those around it
# --durable: what was committed survives kill -9 and power loss. Without it a cluster is fast and only good for tests.
# PGBIN names the folder of initdb and pg_ctl where there are several.
set -eu

die()
{
	echo "cluster.sh: $*" >&2
	exit 1
}

durable=no
if [ "${1:-}" = --durable ]; then
	durable=yes
	shift
fi
[ $# -ge 2 ] || die "usage: cluster.sh [--durable] start|stop|destroy|env DIR | with DIR CMD ARGS..."
verb=$1
want=$2
shift 2

# Debian keeps initdb out of PATH; of several versions the newest counts.
bin=${PGBIN:-$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1 | sed 's,/initdb$,,')}
if [ -z "$bin" ]; then
	command -v initdb >/dev/null 2>&1 || die "no initdb here; install the package postgresql"
	bin=$(dirname "$(readlink -f "$(command -v initdb)")")
fi

# PostgreSQL refuses to run as root; the server is then another's, who must be able to reach the folder.
owner=''
if [ "$(id -u)" = 0 ]; then
	owner=postgres
	id "$owner" >/dev/null 2>&1 || owner=nobody
fi

as_owner()
{
	(cd / && if [ -n "$owner" ]; then runuser -u "$owner" -- "$@"; else "$@"; fi)
}

# The socket's path may have 107 bytes, and stands in configuration files. Where DIR does not do, the cluster lives in
# /tmp. The choice is written down once, so that stop finds what start made.
settle()
{
	mkdir -p "$want"
	want=$(cd "$want" && pwd -P)
	umask 077
	if [ -s "$want/where" ]; then
		dir=$(cat "$want/where")
		[ -d "$dir" ] && return
	fi
	[ -z "$(ls -A "$want")" ] || [ -e "$want/where" ] || die "$want holds something else"
	dir=$want
	[ -z "$owner" ] || chown "$owner" "$dir"
	socket=$dir/.s.PGSQL.5432
	case $dir in
	*[!A-Za-z0-9/._+-]*) fits=no ;;
	*) fits=yes ;;
	esac
	if [ $fits = no ] || [ ${#socket} -gt 107 ] || ! as_owner test -w "$dir" -a -x "$dir"; then
		dir=$(mktemp -d /tmp/loyalty.XXXXXX)
		[ -z "$owner" ] || chown "$owner" "$dir"
	fi
	chmod 700 "$dir"
	echo "$dir" >"$want/where"
}

initialise()
{
	[ -s "$dir/data/PG_VERSION" ] && return
	rm -rf "$dir/data"
	LC_ALL=C as_owner "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
		--no-instructions >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; die "initdb failed"; }
	echo "include 'loyalty.conf'" >>"$dir/data/postgresql.conf"
}

# Few checkpoints and compressed full pages, as a posting writes eight times its log right after a checkpoint.
configure()
{
	if [ $durable = yes ]; then safe=on buffers=256MB log=4GB; else safe=off buffers=64MB log=1GB; fi
	compression=pglz
	: >"$dir/data/loyalty.conf"
	[ -z "$owner" ] || chown "$owner" "$dir/data/loyalty.conf"
	if as_owner "$bin/postgres" -D "$dir/data" -c wal_compression=lz4 -C wal_compression >/dev/null 2>&1; then
		compression=lz4
	fi
	cat >"$dir/data/loyalty.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
unix_socket_permissions = 0700
max_connections = 500
fsync = $safe
synchronous_commit = $safe
full_page_writes = $safe
wal_level = minimal
max_wal_senders = 0
wal_compression = $compression
checkpoint_timeout = 30min
max_wal_size = $log
shared_buffers = $buffers
autovacuum_naptime = 10s
logging_collector = off
timezone = 'UTC'
log_timezone = 'UTC'
CONF
}

is_running()
{
	[ -f "$dir/data/postmaster.pid" ] && as_owner "$bin/pg_ctl" -D "$dir/data" status >/dev/null 2>&1
}

start()
{
	initialise
	is_running && return
	configure
	as_owner "$bin/pg_ctl" -D "$dir/data" -s -w -t 60 -l "$dir/log" start >/dev/null ||
		{ tail -n 20 "$dir/log" >&2; die "the server did not start; its log is $dir/log"; }
}

# A throw-away cluster need not save anything.
stop()
{
	if is_running; then
		mode=fast
		grep -q '^fsync = on' "$dir/data/loyalty.conf" || mode=immediate
		as_owner "$bin/pg_ctl" -D "$dir/data" -s -w -m "$mode" stop
	fi
}

destroy()
{
	stop || true
	rm -rf "$dir" "$want"
}

# env gives CMD the signals a shell takes from what it starts in the background.
with()
{
	destroy
	settle
	command=''
	trap 'trap - EXIT; destroy' EXIT
	trap 'interrupted 129' HUP
	trap 'interrupted 130' INT
	trap 'interrupted 143' TERM
	start
	export PGHOST="$dir" PGPORT=5432 PGUSER=postgres PGDATABASE=postgres CLUSTERS="${CLUSTERS:+$CLUSTERS }$dir"
	umask "$mask"
	env --default-signal "$@" <&0 &
	command=$!
	status=0
	wait "$command" || status=$?
	exit "$status"
}

interrupted()
{
	trap '' HUP INT TERM
	if [ -n "$command" ]; then
		kill -TERM "$command" 2>/dev/null || true
		wait "$command" 2>/dev/null || true
	fi
	exit "$1"
}

mask=$(umask)
case $verb in
start | with) settle ;;
stop | destroy | env)
	[ -s "$want/where" ] || { [ "$verb" = env ] && die "no cluster in $want"; exit 0; }
	settle
	;;
*) die "unknown verb $verb" ;;
esac
case $verb in
env) echo "export PGHOST='$dir' PGPORT=5432 PGUSER=postgres PGDATABASE=postgres" ;;
*) "$verb" "$@" ;;
esac
