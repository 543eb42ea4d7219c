#!/bin/sh
# `make day`: an agent's day at the screens, driven by keys in tmux: twenty cases of different kinds on a server that is thrown away,
# then the manager's screens of the same day. What stands on the screens is held against the database.
#   DAY_PACE=SECONDS  rests so long after every key (0.15 where somebody watches, else 0)
#   DAY_HIDDEN=1      does not show the screens, though there is a terminal
set -eu
here=tests/day
build=${BUILD:-build}
work=$(pwd -P)/$build/day
loyalty=${LOYALTY:-$(pwd -P)/$build/loyalty}
server=loyalty-day-$$
unset TMUX
export XDG_CONFIG_HOME="$work/no-configuration" XDG_STATE_HOME="$work/state" LC_ALL=C.UTF-8

say()
{
	echo "day: $*"
}

die()
{
	say "$*" >&2
	screen >&2 || true
	exit 1
}

# Where somebody watches, the day goes on behind what tmux shows of it.
if [ -t 0 ] && [ -t 1 ] && [ -z "${DAY_HIDDEN:-}" ]; then
	mkdir -p "$work.log"
	DAY_HIDDEN=1 DAY_PACE=${DAY_PACE:-0.15} DAY_SERVER=$server sh $here/day.sh >"$work.log/out" 2>&1 </dev/null &
	day=$!
	until tmux -L "$server" has-session 2>/dev/null || ! kill -0 $day 2>/dev/null; do sleep 0.2; done
	tmux -L "$server" attach -r >/dev/null 2>&1 || true
	status=0
	wait $day || status=$?
	cat "$work.log/out"
	exit $status
fi
server=${DAY_SERVER:-$server}
pace=${DAY_PACE:-0}

tmux_()
{
	tmux -L "$server" -f /dev/null "$@"
}

screen()
{
	tmux_ capture-pane -p -t "$who"
}

# The texts must come onto the screen, and what is gone must go.
shows()
{
	for text in "$@"; do
		tries=0
		until screen | grep -qF -- "$text"; do
			tries=$((tries + 1))
			[ $tries -lt ${DAY_PATIENCE:-600} ] || die "\"$text\" did not come"
			sleep 0.1
		done
	done
}

gone()
{
	tries=0
	while screen | grep -qF -- "$1"; do
		tries=$((tries + 1))
		[ $tries -lt ${DAY_PATIENCE:-600} ] || die "\"$1\" stays"
		sleep 0.1
	done
}

rest()
{
	[ "$pace" = 0 ] || sleep "$pace"
}

key()
{
	for name in "$@"; do
		tmux_ send-keys -t "$who" -- "$name"
		rest
	done
}

# As a person types: the field takes it as it comes.
typed()
{
	tmux_ send-keys -t "$who" -l -- "$1"
	rest
}

# The one at the screen from now on, in a window of their own.
person()
{
	who=$1
	tmux_ has-session -t "$who" 2>/dev/null && return
	tmux_ new-session -d -s "$who" -x 100 -y 30 "env TERM=screen-256color PGUSER=$who '$loyalty' --screen $2"
	tmux_ set-option -g status-right "$who at work"
}

sql()
{
	psql -qAtX -v ON_ERROR_STOP=1 -c "$1"
}

equal()
{
	[ "$2" = "$3" ] || die "$1: the screen says \"$2\", the database \"$3\""
	say "$1: $2"
}

tidy()
{
	tmux_ kill-server 2>/dev/null || true
	[ -z "${worker:-}" ] || kill "$worker" 2>/dev/null || true
	sh db/demo/cluster.sh destroy "$work"
}

# The house: three people, a worker, ten members who bought something, and what they wrote or said this morning.
open_house()
{
	sh db/demo/cluster.sh destroy "$work"
	trap 'exit 130' INT TERM HUP
	trap tidy EXIT
	sh db/demo/cluster.sh start "$work"
	eval "$(sh db/demo/cluster.sh env "$work")"
	sql 'CREATE DATABASE loyalty'
	export PGDATABASE=loyalty
	"$loyalty" migrate >/dev/null
	"$loyalty" staff add deniz 'Deniz Şahin' support >/dev/null
	"$loyalty" staff add bora 'Bora Aksoy' support >/dev/null
	"$loyalty" staff add murat 'Murat Çelik' manager >/dev/null
	"$loyalty" staff add isci 'İşçi' worker >/dev/null
	"$loyalty" programme load starbucks_us_2026 >/dev/null
	PGUSER=murat "$loyalty" desk group technics name=Technics >/dev/null
	PGUSER=isci "$loyalty" worker >/dev/null 2>&1 &
	worker=$!
	for name in 'Ayşe Yılmaz' 'Jürgen Groß' 'Zoë Martin' 'Łukasz Nowak' 'Mehmet Kaya' 'Ana Silva' 'Olena Bondar' 'Ken Thompson' 'Maria Díaz' 'Søren Ærø'; do
		PGUSER=deniz "$loyalty" submit enrol given_name="${name% *}" family_name="${name#* }" >/dev/null
	done
	n=0
	while IFS='|' read -r member priority title words tags; do
		n=$((n + 1))
		PGUSER=bora "$loyalty" case open $((1000000 + member)) "$title" --priority "$priority" ${tags:+--tags "$tags"} "$words" >/dev/null
	done <$here/cases.txt
	[ $n = 20 ] || die "$here/cases.txt has $n cases"
}

# What Deniz does to a case that is open.

answer()
{
	key e
	shows 'Answer to the member'
	typed "$1"
	key C-s
	shows 'Answer sent'
}

note()
{
	key i
	shows 'INTERNAL note'
	typed "$1"
	key C-s
	shows 'Written down'
}

# Outcome: how often Right leads to it.
resolve()
{
	key R
	shows 'Resolve the case'
	typed "$1"
	key Tab
	i=0
	while [ $i -lt "$2" ]; do
		key Right
		i=$((i + 1))
	done
	key C-s
	shows 'Done: resolving'
	resolved=$((resolved + 1))
}
kept=1 lost=2 not_at_risk=3

goodwill()
{
	key p
	shows 'Above your limit'
	typed "$1"
	key Tab
	typed 'apology'
	key C-s
	shows "$2"
}

hand_to_bora()
{
	key a
	shows 'Give this case to'
	key k Enter # the cursor is at oneself, bora stands before
	shows 'owner bora'
}

# The kind of a case is what it is about.
work_on()
{
	case $1 in
	'Stars missing, '*)
		key x
		shows 'Run which macro?'
		key Enter
		shows 'resolved by deniz'
		resolved=$((resolved + 1))
		;;
	'Stars missing' | 'Wants to leave too' | 'Cold coffee')
		answer 'We are sorry, and have put some stars into your account.'
		goodwill 25 '+25 STAR: accepted'
		resolve "$1" $kept
		;;
	'Wants to leave')
		key d
		shows 'Details of the case'
		key Tab Tab Tab
		typed 'vip'
		key C-s
		shows 'vip'
		answer 'We are sorry to see you go.'
		goodwill 5000 'waits for approval'
		resolve 'price' $lost
		;;
	'Card lost'*)
		key z
		shows 'Answer with'
		key Down Enter
		shows 'We look into it'
		key C-s
		shows 'Answer sent'
		resolve 'card' $not_at_risk
		;;
	'Rude at the till')
		note 'You know the manager there, @bora: would you?'
		hand_to_bora
		;;
	'Receipt unreadable')
		answer 'Could you send the picture again?'
		key w
		shows 'waiting for the member'
		;;
	'Birthday reward')
		answer 'It is in your account now.'
		resolve 'reward late' $kept
		;;
	'Birthday reward, again')
		key =
		shows 'This case and others'
		key Enter
		shows 'Birthday reward'
		key Enter
		shows 'merged'
		;;
	'Invoice wanted')
		key W
		shows 'Wait until'
		typed '2099-01-01'
		key Enter
		shows 'until 2099'
		;;
	'App does not log in')
		key d
		shows 'Details of the case'
		key Tab Tab
		key C-u
		typed 'technics'
		key C-s
		shows 'technics'
		hand_to_bora
		;;
	'Stars expired')
		answer 'They expired on the day that was announced.'
		resolve 'expiry' $lost
		key o
		shows 'owner deniz'
		goodwill 10 '+10 STAR: accepted'
		resolve 'expiry' $kept
		;;
	'Two questions')
		key =
		shows 'This case and others'
		key Down Down Enter
		shows 'Title of the new case'
		typed 'Question about tiers, too'
		key Enter
		shows 'linked'
		answer 'On the day after your purchase.'
		resolve 'posting' $not_at_risk
		;;
	'Question about tiers'*)
		answer 'Gold begins at 500 stars.'
		resolve 'tiers' $not_at_risk
		;;
	*) die "nobody has told how to work on \"$1\"" ;;
	esac
}

# All of a queue at once: a worker does it.
refuse_newsletters()
{
	key 2 f
	shows 'Show:'
	typed 'owner=none tag=newsletter'
	key Enter
	shows 'Newsletter unwanted'
	gone 'Card lost'
	key b
	shows 'What to do to 3 cases'
	key End Enter
	shows 'Outcome and cause'
	typed 'not_at_risk newsletter'
	key Enter
	shows 'Change many cases?'
	typed 3
	key Tab Enter
	shows 'Done: 3 of 3 cases'
	resolved=$((resolved + 3))
	key Escape
	gone 'newsletter'
}

# What stands above the screen says which case is open.
case_open()
{
	screen | sed -n '1s,^ Cases › \([0-9]*/[0-9]*\) .*,\1,p'
}

# The next by promise, until nobody waits any more.
take_cases()
{
	before=''
	while key n; do
		tries=0
		until now=$(case_open) && [ -n "$now" ] && [ "$now" != "$before" ]; do
			screen | grep -qF 'No case waits for someone to take it' && return
			tries=$((tries + 1))
			[ $tries -lt ${DAY_PATIENCE:-600} ] || die 'no next case came'
			sleep 0.1
		done
		before=$now
		shows '── Case' 'opened 20'
		title=$(screen | sed -n '/^── Case/{n;s/^ *//;s/ *$//;p;}')
		say "$now: $title"
		work_on "$title"
	done
}

# Screens against the database.

queues_are_right()
{
	key Escape C
	shows '1 Mine'
	equal "$who's queues" "$(screen | sed -n '2{s/─ */ /g;s/  */ /g;s/^ //;s/ $//;p;}')" \
		"$(PGUSER=$who sql "SELECT string_agg(row_number || ' ' || name || ' ' || cases, ' ' ORDER BY row_number) FROM (SELECT row_number() OVER (), * FROM loyalty.case_queues()) x")"
}

approve()
{
	person murat approvals
	shows 'Ana Silva'
	key a
	shows 'Reason'
	typed 'she was right'
	key C-s
	shows 'Approved; the worker posts it'
	equal 'approved' 5000 "$(sql "SELECT body->>'amount' FROM loyalty.approval WHERE decision = 'approved' AND decided_by = 'murat'" | sed 's/00$//')"
}

figures_are_right()
{
	key Escape Y 3
	shows 'By person' 'deniz'
	equal 'resolved' "$resolved" "$(sql "SELECT count(*) FROM loyalty.case_resolution WHERE by_login = 'deniz'")"
	equal 'done, late, reopened, first contact, saved' \
		"$(screen | awk '$1 == "deniz" {print $2, $(NF - 4), $(NF - 3), $(NF - 2), $(NF - 1)}')" \
		"$(PGUSER=murat sql "SELECT concat_ws(' ', resolved, late_answer || '/' || late_update || '/' || late_solution, reopened, first_contact, saved)
			FROM loyalty.desk_figures(loyalty.business_day() - 1, loyalty.business_day() + 1, 'person') WHERE who = 'deniz'")"
}

open_house
say "the house is open; watch: tmux -L $server attach -r"
resolved=0
person deniz cases
shows '2 Unassigned 20'
refuse_newsletters
take_cases
queues_are_right
approve
figures_are_right
[ $resolved = 17 ] || die "17 cases were to be resolved, $resolved were"
"$loyalty" verify --replay 100 | tail -n 1
say 'the day is over, and everything holds'
