// Requests of screens: who asked for what, giving up, answers and what is told of their failure.
#include "screens/desk.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// One request under way. Found again by its address, which is its payload; ended by its answer, which comes
// once.
struct desk_ticket {
	struct desk_ticket *next;
	struct desk *desk;
	uint32_t screen; // its serial; 0: the desk's own
	uint64_t serial; // of the connection
	int tag;
	int64_t number;
	bool is_waited; // counted by screen_wait()
	bool has_facts; // the first results are the facts
	bool is_read, is_early, is_once;
};

// Takes the ticket off the list; it is freed by the caller.
static void take_ticket(struct desk_ticket *ticket)
{
	struct desk_ticket **at = &ticket->desk->tickets;
	while (*at != ticket)
		at = &(*at)->next;
	*at = ticket->next;
	loop_busy(&ticket->desk->ui->loop, -1);
}

void desk_drop_tickets(struct desk *desk)
{
	while (desk->tickets) {
		struct desk_ticket *ticket = desk->tickets;
		take_ticket(ticket);
		free(ticket);
	}
}

static void answer_screen(const struct desk_ticket *ticket, const struct answer *answer)
{
	struct screen *s = screen_find(ticket->desk->ui, ticket->screen);
	if (!s)
		return;
	if (ticket->is_waited)
		screen_waited(s);
	struct desk_news news = {
		.kind = DESK_ANSWERED, .tag = ticket->tag, .number = ticket->number, .answer = answer};
	if (s->ops->answer)
		s->ops->answer(s, &news);
}

// The facts, where they travelled in front, are the desk's; the rest is the screen's. A failure of the facts
// is the failure of all, since they are one transaction.
static void on_answer(void *payload, const struct answer *answer)
{
	struct desk_ticket *ticket = payload;
	struct desk *desk = ticket->desk;
	struct answer own = *answer;
	take_ticket(ticket);
	if (ticket->has_facts) {
		desk_take_facts(desk, answer);
		own.results += FACTS_STATEMENTS;
		own.count -= FACTS_STATEMENTS;
	}
	if (ticket->tag == DESK_TAG_BADGES)
		desk_take_badges(desk, &own);
	else if (ticket->screen)
		answer_screen(ticket, &own);
	free(ticket);
}

static bool send(struct desk_ticket *ticket, const struct ask *const *asks, int count)
{
	struct desk *desk = ticket->desk;
	struct statement statements[REQUEST_STATEMENTS];
	int used = 0;
	if (ticket->has_facts) {
		facts_ask(statements);
		used = FACTS_STATEMENTS;
	}
	for (int i = 0; i < count; i++)
		statements[used++] = ask_statement(asks[i]);
	ticket->serial = connection_send(desk->connection, &(struct request){.statements = statements,
								   .count = used,
								   .deadline_ms = ticket->is_read ? 0 : -1,
								   .retry = !ticket->is_once,
								   .early = ticket->is_early,
								   .answer = on_answer,
								   .payload = ticket});
	if (!ticket->serial)
		return false;
	ticket->next = desk->tickets;
	desk->tickets = ticket;
	desk->facts_asked = desk->facts_asked || ticket->has_facts;
	loop_busy(&desk->ui->loop, 1);
	return true;
}

// The facts travel with the first request, and again with one that comes when they have grown old.
static bool facts_are_due(const struct desk *desk)
{
	return !desk->facts_asked && (!desk->facts.is_known || loop_now_ms() >= desk->facts_due_ms);
}

static struct desk_ticket *ticket_new(struct desk *desk, int tag)
{
	struct desk_ticket *ticket = calloc(1, sizeof *ticket);
	if (ticket)
		*ticket = (struct desk_ticket){.desk = desk, .tag = tag, .is_read = true};
	return ticket;
}

bool desk_send_own(struct desk *desk, int tag, const struct ask *ask)
{
	struct desk_ticket *ticket = ticket_new(desk, tag);
	if (!ticket)
		return false;
	ticket->has_facts = tag == DESK_TAG_FACTS || facts_are_due(desk);
	if (send(ticket, &ask, ask ? 1 : 0))
		return true;
	free(ticket);
	return false;
}

// The screen's request of that tag is given up; an answer on its way finds no one.
static void give_up(struct screen *s, int tag)
{
	struct desk *desk = desk_of(s);
	for (struct desk_ticket *ticket = desk->tickets, *next; ticket; ticket = next) {
		next = ticket->next;
		if (ticket->screen != s->serial || (tag && ticket->tag != tag))
			continue;
		if (ticket->is_waited)
			screen_waited(s);
		ticket->screen = 0;
		ticket->is_waited = false;
		// What brings the facts, and writes, serve others too.
		if (!ticket->is_read || ticket->has_facts)
			continue;
		connection_forget(desk->connection, ticket->serial);
		take_ticket(ticket);
		free(ticket);
	}
}

bool desk_send(struct screen *s, const struct desk_request *request)
{
	struct desk *desk = desk_of(s);
	int count = 0;
	while (count < DESK_ASKS_MAX && request->asks[count])
		count++;
	if (request->replaces)
		give_up(s, request->tag);
	struct desk_ticket *ticket = ticket_new(desk, request->tag);
	if (ticket) {
		ticket->screen = s->serial;
		ticket->number = request->number;
		ticket->is_read = request->is_read;
		ticket->is_early = request->is_early;
		ticket->is_once = request->is_once;
		ticket->is_waited = request->what != NULL;
		ticket->has_facts = request->is_read && facts_are_due(desk) &&
				    (desk->facts.is_known || !request->is_first);
	}
	if (!ticket || !send(ticket, request->asks, count)) {
		free(ticket);
		screen_say(s, ROLE_BAD, "Out of memory: the database was not asked");
		return false;
	}
	if (ticket->is_waited)
		screen_wait(s, request->what);
	return true;
}

void desk_cancel(struct screen *s)
{
	const struct desk *desk = desk_of(s);
	for (struct desk_ticket *ticket = desk->tickets, *next; ticket; ticket = next) {
		next = ticket->next;
		if (ticket->screen == s->serial)
			connection_cancel(desk->connection, ticket->serial);
	}
}

void desk_forget(struct screen *s)
{
	give_up(s, 0);
}

int desk_pending(const struct screen *s, int tag)
{
	int count = 0;
	for (const struct desk_ticket *ticket = desk_of(s)->tickets; ticket; ticket = ticket->next)
		count += ticket->screen == s->serial && ticket->tag == tag;
	return count;
}

void desk_say_error(struct screen *s, const char *what, const struct error *error)
{
	char line[800];
	struct error first = *error;
	if (error->kind == ERROR_CANCELLED) {
		screen_say(s, ROLE_WARNING, "Cancelled: %s", what);
		return;
	}
	if (first.what[0] >= 'a' && first.what[0] <= 'z')
		first.what[0] = (char)(first.what[0] - 'a' + 'A');
	error_line(&first, line, sizeof line);
	screen_say(s, ROLE_BAD, "%s", line);
}

const char *desk_reason(const struct error *error)
{
	bool is_own = strncmp(error->sqlstate, "LY", 2) == 0;
	return is_own || !*error->why ? error->what : error->why;
}

bool desk_good(struct screen *s, const struct answer *answer, const char *what)
{
	if (answer->outcome == REQUEST_OK)
		return true;
	desk_say_error(s, what, answer->error);
	return false;
}

bool desk_may_write(struct screen *s)
{
	if (desk_of(s)->read_only)
		screen_say(s, ROLE_WARNING, "Opened with --read-only: nothing can be changed");
	return !desk_of(s)->read_only;
}

bool desk_key(struct screen *s, char key[KEY_SIZE])
{
	if (!desk_may_write(s))
		return false;
	bool is_made = ask_key(key);
	if (!is_made)
		screen_say(s, ROLE_BAD, "The system gives no random numbers: nothing was sent");
	return is_made;
}
