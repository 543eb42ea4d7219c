// The floor: the least that a list over a big table costs with ncurses and libpq, for the screens to be
// measured against. One poll() over keyboard and socket, 50 rows a round trip by key, one table, one index.
#include <curses.h>
#include <libpq-fe.h>
#include <locale.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { PAGE = 50, KEY_SYNC = KEY_MAX + 1, ESC = 27 };
enum { ID, NUMBER, NAME, CITY, TIER, POINTS };
enum direction { BACKWARDS, FORWARDS };

static struct {
	PGconn *connection;
	PGresult *rows, *member; // member: the second screen is shown
	int top, current;
	enum direction order; // of rows
	bool connecting, busy, to_last, to_member;
	char status[128], number[32];
	bool searching;
	int syncs; // asked for by the test and not answered
} list = {.connecting = true, .order = FORWARDS, .status = "connecting"};

static int row_count(void)
{
	return list.rows ? PQntuples(list.rows) : 0;
}

static int row_at(int place)
{
	return list.order == FORWARDS ? place : row_count() - 1 - place;
}

static const char *value(int place, int column)
{
	return PQgetvalue(list.rows, row_at(place), column);
}

static void draw_cell(int y, int x, int width, const char *text)
{
	wchar_t wide[128];
	size_t length = mbstowcs(wide, text, 127), end = 0;
	if (length == (size_t)-1)
		return;
	for (int used = 0; end < length; end++) {
		int cells = wcwidth(wide[end]);
		if (used + (cells > 0 ? cells : 0) > width)
			break;
		used += cells > 0 ? cells : 0;
	}
	mvaddnwstr(y, x, wide, (int)end);
}

static void draw_list(void)
{
	int height = LINES - 2;
	if (list.current < list.top)
		list.top = list.current;
	if (height > 0 && list.current >= list.top + height)
		list.top = list.current - height + 1;
	attron(A_REVERSE);
	mvprintw(0, 0, "%-*s", COLS,
		" number     name                  city                     tier       points");
	attroff(A_REVERSE);
	for (int y = 0; y < height && list.top + y < row_count(); y++) {
		int place = list.top + y;
		if (place == list.current)
			attron(A_BOLD | A_REVERSE);
		mvhline(y + 1, 0, ' ', COLS);
		draw_cell(y + 1, 1, 10, value(place, NUMBER));
		draw_cell(y + 1, 12, 21, value(place, NAME));
		draw_cell(y + 1, 34, 24, value(place, CITY));
		draw_cell(y + 1, 59, 10, value(place, TIER));
		mvprintw(y + 1, 69, "%8s", value(place, POINTS));
		attroff(A_BOLD | A_REVERSE);
	}
}

static void draw_member(void)
{
	for (int column = 0; column < PQnfields(list.member); column++) {
		mvaddstr(column + 1, 1, PQfname(list.member, column));
		draw_cell(column + 1, 14, COLS - 15, PQgetvalue(list.member, 0, column));
	}
}

static void draw(void)
{
	erase();
	if (list.member)
		draw_member();
	else
		draw_list();
	mvaddnstr(LINES - 1, 0, list.searching ? list.number : list.busy ? "..." : list.status, COLS - 1);
	refresh();
}

static void send_query(const char *sql, const char *argument)
{
	list.busy = PQsendQueryParams(list.connection, sql, 1, NULL, &argument, NULL, NULL, 0);
}

#define COLUMNS "SELECT id, number, name, city, tier, points FROM floor_member "
static void fetch(enum direction order, const char *from)
{
	list.order = order;
	send_query(order == FORWARDS ? COLUMNS "WHERE id > $1::bigint ORDER BY id LIMIT 50"
				     : COLUMNS "WHERE id < $1::bigint ORDER BY id DESC LIMIT 50",
		from);
}

static void fetch_next(void)
{
	list.to_last = false;
	fetch(FORWARDS, row_count() ? value(row_count() - 1, ID) : "0");
}

static void fetch_previous(void)
{
	list.to_last = true;
	fetch(BACKWARDS, row_count() ? value(0, ID) : "0");
}

static void find(const char *number)
{
	list.order = FORWARDS;
	list.to_last = false;
	send_query(COLUMNS "WHERE number = $1", number);
}

static void open_member(void)
{
	list.to_member = true;
	send_query("WITH r AS (INSERT INTO floor_read (id) VALUES ($1::bigint)) " COLUMNS
		   "WHERE id = $1::bigint",
		value(list.current, ID));
}

static void search_key(int key)
{
	size_t length = strlen(list.number);
	if (key == '\r' || key == '\n') {
		list.searching = false;
		find(list.number + 1);
	} else if (key == ESC) {
		list.searching = false;
	} else if (key >= ' ' && key < 256 && length < sizeof list.number - 1) {
		list.number[length] = (char)key;
		list.number[length + 1] = '\0';
	}
}

static void page_down(void)
{
	if (list.top + LINES - 2 < row_count())
		list.current = list.top += LINES - 2;
	else
		fetch_next();
}

static void list_key(int key)
{
	switch (key) {
	case 'q':
		endwin();
		exit(0);
	case '/':
		strcpy(list.number, "/");
		list.searching = true;
		break;
	case 'j':
		if (list.current + 1 < row_count())
			list.current++;
		else if (row_count() == PAGE)
			fetch_next();
		break;
	case 'k':
		if (list.current > 0)
			list.current--;
		else
			fetch_previous();
		break;
	case ' ':
		page_down();
		break;
	case 'g':
		list.to_last = false;
		fetch(FORWARDS, "0");
		break;
	case 'G':
		list.to_last = true;
		fetch(BACKWARDS, "9223372036854775807");
		break;
	case '\r':
		if (row_count())
			open_member();
	}
}

static void press(int key)
{
	if (key == KEY_SYNC) {
		list.syncs++;
	} else if (list.searching) {
		search_key(key);
	} else if (list.member) {
		if (key == ESC) {
			PQclear(list.member);
			list.member = NULL;
		}
	} else {
		list_key(key);
	}
}

// While a page is on its way the keys stay where they are, so that none is lost.
static void take_keys(void)
{
	int key;
	while (!list.busy && (key = getch()) != ERR)
		press(key);
}

static void take_result(PGresult *result)
{
	if (PQresultStatus(result) != PGRES_TUPLES_OK || !PQntuples(result)) {
		const char *message = PQresultErrorMessage(result);
		snprintf(list.status, sizeof list.status, "%.100s", *message ? message : "no rows");
		PQclear(result);
	} else if (list.to_member) {
		list.member = result;
	} else {
		PQclear(list.rows);
		list.rows = result;
		list.current = list.to_last ? PQntuples(result) - 1 : 0;
		list.top = 0;
	}
	list.to_member = false;
}

static void quit(const char *message)
{
	endwin();
	fputs(message, stderr);
	exit(1);
}

static short connect_on(void)
{
	PostgresPollingStatusType state = PQconnectPoll(list.connection);
	if (state == PGRES_POLLING_FAILED)
		quit(PQerrorMessage(list.connection));
	if (state != PGRES_POLLING_OK)
		return state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
	list.connecting = false;
	strcpy(list.status, "ready");
	fetch(FORWARDS, "0");
	return POLLIN;
}

static void take_answers(void)
{
	if (!PQconsumeInput(list.connection))
		quit(PQerrorMessage(list.connection));
	while (list.busy && !PQisBusy(list.connection)) {
		PGresult *result = PQgetResult(list.connection);
		if (result)
			take_result(result);
		else
			list.busy = false;
	}
}

static void answer_syncs(void)
{
	while (!list.connecting && !list.busy && list.syncs > 0) {
		fputs("\033]777;sync\a", stdout);
		fflush(stdout);
		list.syncs--;
	}
}

static void start(void)
{
	setlocale(LC_ALL, "");
	list.connection = PQconnectStart("");
	initscr();
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	curs_set(0);
	define_key("\033[999~", KEY_SYNC);
	draw();
}

int main(void)
{
	short events = POLLOUT;
	start();
	for (;;) {
		struct pollfd ready[2] = {{.fd = 0, .events = list.busy ? 0 : POLLIN},
			{.fd = PQsocket(list.connection), .events = events}};
		poll(ready, 2, -1);
		if (ready[0].revents & (POLLHUP | POLLERR))
			quit("");
		if (list.connecting && ready[1].revents)
			events = connect_on();
		else if (ready[1].revents)
			take_answers();
		take_keys();
		draw();
		answer_syncs();
	}
}
