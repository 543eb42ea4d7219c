// Draws a case: the member's card, the state of the case, what was said, and the text being written.
#include "model/amount.h"
#include "screens/cases/case_state.h"
#include "screens/span.h"
#include "screens/ui/text.h"
#include <stdio.h>
#include <string.h>

enum {
	BESIDE_WIDTH = 110,
	CARD_WIDTH = 38,
	CARD_HEIGHT = 3,
	HEAD_HEIGHT = 3,
	COMPOSE_HEIGHT = 7,
	CARD_LINE = 480
};

// Whether the member was sent it: an answer that never left is worse than none.
static void add_mail(struct detail *d, const char *mail)
{
	static const struct {
		const char *state, *words;
		enum role role;
	} states[] = {
		{"sent", "sent by e-mail", ROLE_DIM},
		{"waiting", "waits to be sent by e-mail", ROLE_DIM},
		{"sending", "is being sent by e-mail", ROLE_DIM},
		{"uncertain", "perhaps sent by e-mail", ROLE_WARNING},
		{"failed", "NOT SENT by e-mail", ROLE_BAD},
		{"suppressed", "NOT SENT by e-mail", ROLE_BAD},
		{"cancelled", "NOT SENT by e-mail", ROLE_BAD},
	};
	size_t length = strcspn(mail, " ");
	const char *why = mail + length + (mail[length] == ' ');
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strlen(states[i].state) == length && strncmp(mail, states[i].state, length) == 0)
			detail_format(d, states[i].role, 2, NULL, "%s%s%s", states[i].words, *why ? ": " : "", why);
}

static void add_article(struct detail *d, const struct case_article *a)
{
	static const struct {
		const char *word;
		enum role head, body;
		const char *label; // before the body, so that no colour is needed
		int indent;
	} looks[ARTICLE_KINDS] = {
		[ARTICLE_FROM_MEMBER] = {"the member said", ROLE_STRONG, ROLE_TEXT, "<", 2},
		[ARTICLE_TO_MEMBER] = {"answered the member", ROLE_GOOD, ROLE_TEXT, ">", 2},
		[ARTICLE_INTERNAL] = {"INTERNAL NOTE", ROLE_WARNING, ROLE_DIM, "note", 6},
	};
	bool is_member = a->kind == ARTICLE_FROM_MEMBER;
	detail_format(d, looks[a->kind].head, 0, NULL, is_member ? "%s  %s (heard by %s)" : "%s  %s: %s",
		a->at, looks[a->kind].word, a->author);
	detail_add(d, looks[a->kind].body, looks[a->kind].indent, looks[a->kind].label, a->body);
	if (*a->mail)
		add_mail(d, a->mail);
	detail_add(d, ROLE_TEXT, 0, NULL, "");
}

static void add_step(struct detail *d, const struct case_step *step)
{
	bool has_both = *step->was && *step->is;
	detail_format(d, ROLE_TEXT, 18, step->at, "%s %s%s%s%s%s", step->login, step->action,
		*step->was || *step->is ? ": " : "", step->was, has_both ? " → " : "", step->is);
}

void case_fill(struct case_state *c)
{
	detail_clear(&c->detail);
	if (c->shows_history) {
		for (int row = 0; row < result_rows(c->steps); row++) {
			struct case_step step;
			case_step_read(c->steps, row, &step);
			add_step(&c->detail, &step);
		}
		return;
	}
	for (int row = 0; row < result_rows(c->articles); row++) {
		struct case_article article;
		case_article_read(c->articles, row, &article);
		add_article(&c->detail, &article);
	}
}

void case_contact_ask(struct screen *s)
{
	struct ask ask;
	if (desk_of(s)->read_only)
		return; // nothing may be written, the log of readings included
	case_contact(&ask, ((struct case_state *)s->state)->id.member_id);
	desk_send(s, &(struct desk_request){.tag = TAG_CONTACT, .asks = {&ask}, .is_once = true});
}

void case_contact_answered(struct screen *s, const struct answer *answer)
{
	struct case_state *c = s->state;
	struct case_contact contact;
	if (answer->outcome != REQUEST_OK || !case_contact_read(answer->results[0], &contact))
		return; // the card stays without them; the case itself tells what is wrong
	snprintf(c->email, sizeof c->email, "%s", contact.email);
	snprintf(c->phone, sizeof c->phone, "%s", contact.phone);
}

// The card's facts as lines: who, standing, and what else is going on.
static void card_lines(const struct screen *s, char lines[4][CARD_LINE])
{
	const struct case_state *c = s->state;
	const struct facts *facts = desk_facts(s);
	const struct case_card *card = &c->card;
	const struct fact *currency = facts_find(facts, FACT_CURRENCY, card->currency_id);
	const struct fact *tier = facts_find(facts, FACT_TIER, card->tier_id);
	char points[AMOUNT_SIZE];
	amount_points(points, card->points, currency ? currency->number : 0, AMOUNT_PLAIN);
	bool is_active = strcmp(card->status, "active") == 0;
	snprintf(lines[0], CARD_LINE, "%lld  %s%s%s", (long long)card->number, card->name,
		is_active ? "" : "  ", is_active ? "" : card->status);
	snprintf(lines[1], CARD_LINE, "%s%s%s  %s %s", tier ? tier->code : "no tier",
		*card->tier_until ? " until " : "", card->tier_until, points,
		currency ? currency->code : "points");
	snprintf(lines[2], CARD_LINE, "%s%s%s%s%s", c->email, *c->email && *c->phone ? "  " : "", c->phone,
		*card->city && (*c->email || *c->phone) ? "  " : "", card->city);
	snprintf(lines[3], CARD_LINE, "since %s%s%s%s%lld other case%s%s", card->enrolled_on,
		*card->last_activity_on ? "  last active " : "", card->last_activity_on, "  ",
		(long long)card->other_cases, card->other_cases == 1 ? "" : "s",
		card->waiting ? "  waits for approval" : "");
}

static void draw_goodwill(const struct screen *s, struct area a, int y)
{
	const struct case_state *c = s->state;
	const struct fact *currency = facts_main_currency(desk_facts(s));
	char points[AMOUNT_SIZE];
	if (!c->goodwill.is_given || !currency)
		return;
	amount_points(points, c->goodwill.points, currency->number, AMOUNT_SIGNED);
	draw_format(a, y, 0, a.width, case_goodwill_role(c->goodwill.status), "goodwill %s %s: %s%s%s", points,
		currency->code, action_status_name(c->goodwill.status), *c->goodwill.reason ? ", " : "",
		c->goodwill.reason);
}

// Stacked, in three lines: at 80 columns.
static void draw_card_above(const struct screen *s, struct area a)
{
	char lines[4][CARD_LINE];
	card_lines(s, lines);
	int used = draw_text(a, 0, 1, a.width - 2, ROLE_STRONG, lines[0]);
	draw_text(a, 0, used + 4, a.width - used - 5, ROLE_TEXT, lines[1]);
	draw_text(a, 1, 1, a.width - 2, ROLE_TEXT, lines[3]);
	struct area last = area_columns(area_rows(a, 2, 1), 1, a.width - 2);
	if (((const struct case_state *)s->state)->goodwill.is_given)
		draw_goodwill(s, last, 0);
	else
		draw_text(last, 0, 0, last.width, ROLE_DIM, lines[2]);
}

static void draw_card_beside(const struct screen *s, struct area a)
{
	char lines[4][CARD_LINE];
	struct area in = area_inside(a, 1);
	card_lines(s, lines);
	draw_box(a, "Member");
	draw_text(in, 0, 0, in.width, ROLE_STRONG, lines[0]);
	draw_text(in, 1, 0, in.width, ROLE_TEXT, lines[1]);
	draw_text(in, 2, 0, in.width, ROLE_DIM, lines[2]);
	draw_text(in, 3, 0, in.width, ROLE_TEXT, lines[3]);
	draw_goodwill(s, in, 5);
}

static const char *state_words(const char *state)
{
	if (strcmp(state, "waiting_us") == 0)
		return "waiting";
	return strcmp(state, "waiting_member") == 0 ? "waiting for the member" : state;
}

// The next promise, and whether the first was kept. Returns the cells used.
static int draw_promise(const struct case_head *h, struct area a)
{
	char due[SPAN_TEXT];
	int used = 0;
	if (h->is_due)
		used = draw_format(a, 2, 0, a.width, h->due_s < 0 ? ROLE_BAD : ROLE_TEXT, "%s%s  ",
			span_due(h->due_s, due), h->is_late ? " LATE" : "");
	if (!h->is_answered)
		used += draw_text(a, 2, used, a.width - used, ROLE_WARNING, "NOT ANSWERED  ");
	return used;
}

// Over the rule: who else is here, how the member says it went, what is still to be done, what it has to do with.
static void draw_around(const struct case_around *around, struct area a)
{
	static const enum role said[] = {ROLE_BAD, ROLE_WARNING, ROLE_GOOD};
	int used = 12;
	if (*around->others)
		used += 2 + draw_format(a, 0, used, a.width - used - 1, ROLE_WARNING, " also here: %s ", around->others);
	if (*around->said)
		used += 2 + draw_format(a, 0, used, a.width - used - 1,
				    around->pleased < 0 ? ROLE_DIM : said[around->pleased], " %s ", around->said);
	if (around->is_followed)
		used += 2 + draw_text(a, 0, used, a.width - used - 1, ROLE_DIM, " followed ");
	if (*around->undone)
		used += 2 + draw_format(a, 0, used, a.width - used - 1, ROLE_WARNING, " to do: %s ", around->undone);
	if (*around->relations)
		draw_format(a, 0, used, a.width - used - 1, ROLE_TEXT, " %s ", around->relations);
}

static void draw_head(const struct screen *s, struct area a)
{
	const struct case_state *c = s->state;
	const struct case_head *h = &c->head;
	draw_rule(a, 0, c->shows_history ? "History" : "Case");
	draw_around(&c->around, a);
	draw_text(a, 1, 1, a.width - 2, ROLE_STRONG, h->title);
	if (!h->is_working) {
		draw_format(a, 2, 1, a.width - 2, ROLE_GOOD, "%s by %s %s: %s, outcome %s", h->state,
			h->resolved_by, h->resolved_at, h->cause, h->outcome);
		return;
	}
	int used = 1 + draw_promise(h, area_columns(a, 1, a.width - 2));
	draw_format(a, 2, used, a.width - used - 1, ROLE_TEXT, "%s%s%s  %s  %s%s  %s%s%s%s  by %s, opened %s",
		state_words(h->state), *h->wait_until ? " until " : "", h->wait_until, case_priority_word(h->priority),
		*h->owner ? "owner " : "nobody's", h->owner, h->group, *h->tags ? " [" : "", h->tags, *h->tags ? "]" : "",
		h->channel, h->opened_at);
}

static const char *compose_title(const struct compose *p)
{
	static const char *const titles[ARTICLE_KINDS] = {
		[ARTICLE_FROM_MEMBER] = "What the member said",
		[ARTICLE_TO_MEMBER] = "Answer to the member",
		[ARTICLE_INTERNAL] = "INTERNAL note: the member never sees it",
	};
	return titles[p->kind];
}

static void draw_compose(const struct compose *p, struct area a)
{
	char key[KEY_NAME_MAX], other[80];
	draw_rule(a, 0, compose_title(p));
	text_area_draw(&p->text, area_columns(area_rows(a, 1, a.height - 2), 1, a.width - 2), !p->is_sending);
	action_key_text(ACTION_SAVE, other, sizeof other);
	draw_format(a, a.height - 1, 1, a.width - 2, ROLE_DIM, "%s", p->is_sending ? "sending..." : "");
	if (!p->is_sending)
		draw_format(a, a.height - 1, 1, a.width - 2, ROLE_DIM, "%s sends, %s asks what to do", other,
			action_key_short(ACTION_BACK, key));
}

struct parts {
	struct area card, head, conversation, compose;
	bool is_beside;
};

static struct parts cut(const struct case_state *c, struct area a)
{
	struct parts p = {.is_beside = a.width >= BESIDE_WIDTH};
	struct area main = a;
	if (p.is_beside) {
		p.card = area_columns(a, a.width - CARD_WIDTH, CARD_WIDTH);
		p.card.height = p.card.height > 9 ? 9 : p.card.height;
		main = area_columns(a, 0, a.width - CARD_WIDTH - 1);
	} else {
		p.card = area_rows(a, 0, CARD_HEIGHT);
		main = area_rows(a, CARD_HEIGHT, a.height - CARD_HEIGHT);
	}
	int compose = !c->compose.is_open ? 0
		      : main.height - HEAD_HEIGHT < 2 * COMPOSE_HEIGHT
			      ? (main.height - HEAD_HEIGHT + 1) / 2 + 1
			      : COMPOSE_HEIGHT;
	p.head = area_rows(main, 0, HEAD_HEIGHT);
	p.conversation = area_columns(
		area_rows(main, HEAD_HEIGHT, main.height - HEAD_HEIGHT - compose), 1, main.width - 2);
	p.compose = area_rows(main, main.height - compose, compose);
	return p;
}

void case_show_layout(struct screen *s, struct area a)
{
	struct case_state *c = s->state;
	struct parts p = cut(c, a);
	detail_layout(&c->detail, p.conversation);
	if (c->compose.is_open)
		text_area_layout(&c->compose.text,
			area_columns(area_rows(p.compose, 1, p.compose.height - 2), 1, p.compose.width - 2));
}

void case_show(const struct screen *s, struct area a)
{
	const struct case_state *c = s->state;
	struct parts p = cut(c, a);
	if (!c->is_loaded) {
		draw_text(a, 0, 1, a.width - 2, ROLE_DIM, "...");
		return;
	}
	draw_head(s, p.head);
	detail_draw(&c->detail, p.conversation);
	if (p.is_beside)
		draw_card_beside(s, p.card);
	else
		draw_card_above(s, p.card);
	if (c->compose.is_open)
		draw_compose(&c->compose, p.compose);
}
