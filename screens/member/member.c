// Member: everything about one member - header card, timeline, books, cases - and what staff do for them.
#include "screens/member/member.h"

#include "model/member/own_attribute.h"
#include "screens/desk_list.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Results of the first request: the person, then the card's, then the rulebook's where it is not known yet,
// then the timeline's page.
enum { CARD_ASKS = 3, SHORT_HEIGHT = 12, OWN_ROWS = 20 };

static const char *tab_names[MEMBER_TABS];

// --- Asking.

// Card, and the rulebook that it is read with where the desk has none that is current; returns how many asks.
static int card_asks(struct member *m, struct ask card[CARD_ASKS], struct ask rules[RULEBOOK_STATEMENTS],
	const struct ask **asks)
{
	int count = 0;

	member_situation(&card[0], m->member_id);
	standing_ask(&card[1], m->member_id);
	own_attribute_list(&card[2], m->member_id, &(struct page){.from = PAGE_FIRST, .rows = OWN_ROWS});
	for (int i = 0; i < CARD_ASKS; i++)
		asks[count++] = &card[i];
	return count + desk_rulebook_ask(desk_of(m->screen), rules, asks + count);
}

// Whoever may only read is written down as a reader all the same: that one transaction may write, which
// nothing but its first statement can allow, so the facts must not travel in front.
// What is read is shown before that line is on the disk: the server has the end of the transaction in hand by
// then, whatever becomes of us, and if it fails itself, the whole is sent again.
static bool ask_all(struct member *m, uint32_t ticket, const struct ask *timeline)
{
	struct ask writable, person, card[CARD_ASKS], rules[RULEBOOK_STATEMENTS];
	bool read_only = desk_of(m->screen)->read_only;
	struct desk_request request = {
		.tag = TAG_OPENED, .number = ticket, .what = "member", .is_read = !read_only, .is_early = true};
	int count = 0;

	member_open_writes(&writable);
	member_open(&person, m->member_id);
	if (read_only)
		request.asks[count++] = &writable;
	request.asks[count++] = &person;
	count += card_asks(m, card, rules, request.asks + count);
	request.asks[count] = timeline;
	return desk_send(m->screen, &request);
}

// News may come faster than answers: then one more question follows the answer.
static void ask_card(struct member *m)
{
	m->card_due = desk_pending(m->screen, TAG_CARD) > 0;
	if (m->card_due)
		return;
	struct ask card[CARD_ASKS], rules[RULEBOOK_STATEMENTS];
	struct desk_request request = {.tag = TAG_CARD, .is_read = true};

	card_asks(m, card, rules, request.asks);
	desk_send(m->screen, &request);
}

void member_tab_ask(struct list *l, const struct rows_request *request)
{
	struct member *m = l->payload;
	int tab = (int)(l - m->lists);
	struct ask ask;
	struct page page = desk_list_page(request);
	bool sent;

	member_tabs[tab].ask(&ask, m, &page);
	if (m->is_opening)
		sent = ask_all(m, request->ticket, &ask);
	else
		sent = desk_send(m->screen, &(struct desk_request){.tag = TAG_TAB + tab,
						    .number = request->ticket,
						    .asks = {&ask},
						    .is_read = true,
						    .replaces = true});
	if (!sent)
		list_failed(l, request->ticket);
}

void member_show_tab(struct member *m)
{
	int tab = m->tabs.current;

	if (!m->is_started[tab])
		m->is_started[tab] = list_init(&m->lists[tab], &member_tabs[tab].list, m->screen, m);
	else if (m->is_stale[tab])
		list_refresh(&m->lists[tab]);
	m->is_stale[tab] = false;
}

// What could not be opened is opened again, with all that belongs to it.
static void open_again(struct member *m)
{
	m->card_due = desk_pending(m->screen, TAG_OPENED) > 0;
	if (m->card_due)
		return; // its answer may be older than the news
	m->tabs.current = TAB_TIMELINE;
	m->is_opening = true;
	list_reload(&m->lists[TAB_TIMELINE]);
	m->is_opening = false;
}

void member_show_again(struct member *m)
{
	if (!m->kept) {
		open_again(m);
		return;
	}
	ask_card(m);
	for (int tab = 0; tab < MEMBER_TABS; tab++)
		m->is_stale[tab] = true;
	member_show_tab(m);
}

// --- Opening and closing.

bool member_is_outline(const struct member *m)
{
	return !(m->screen->ui->rights & DESK_MAY_SERVE);
}

static void count_tabs(struct member *m)
{
	enum staff_role role = desk_facts(m->screen)->role;
	bool may_audit = desk_facts(m->screen)->is_known && (role == STAFF_MANAGER || role == STAFF_ADMIN);

	m->tabs.count = member_is_outline(m) ? TAB_TIMELINE + 1 : may_audit ? MEMBER_TABS : TAB_AUDIT;
}

static bool member_screen_open(struct screen *s, const void *argument)
{
	struct member *m = s->state;

	for (int tab = 0; tab < MEMBER_TABS; tab++)
		tab_names[tab] = member_tabs[tab].name;
	m->screen = s;
	m->member_id = *(const int64_t *)argument;
	m->tabs = (struct tabs){.names = tab_names};
	count_tabs(m);
	m->is_opening = true;
	member_show_tab(m);
	m->is_opening = false;
	return true;
}

static void member_screen_close(struct screen *s)
{
	struct member *m = s->state;

	for (int tab = 0; tab < MEMBER_TABS; tab++)
		if (m->is_started[tab])
			list_free(&m->lists[tab]);
	if (m->has_standing)
		standing_view_free(&m->standing);
	result_free(m->kept);
	result_free(m->about);
	member_form_free(m);
	desk_forget(s);
}

// --- Answers.

static void take_rulebook(struct member *m, struct result *const *results)
{
	struct error error = {0};

	if (!desk_rulebook_take(desk_of(m->screen), results, &error))
		snprintf(m->trouble, sizeof m->trouble, "%.150s", error.why);
}

static void take_standing(struct member *m, const struct result *result)
{
	struct error error = {0};
	struct desk *desk = desk_of(m->screen);
	struct standing_view view;

	if (!desk->rulebook)
		return;
	if (!standing_take(&view, desk->rulebook, result, &error)) {
		snprintf(m->trouble, sizeof m->trouble, "%.150s", error.why);
		return;
	}
	if (m->has_standing)
		standing_view_free(&m->standing);
	m->standing = view;
	m->has_standing = true;
	m->trouble[0] = 0;
}

// results: the card's, then the rulebook's if it was asked for.
static void take_card(struct member *m, struct result **results, int count)
{
	member_situation_read(results[0], &m->situation);
	m->has_situation = true;
	if (count >= CARD_ASKS + RULEBOOK_STATEMENTS)
		take_rulebook(m, results + CARD_ASKS);
	take_standing(m, results[1]);
	result_free(m->about);
	m->about = result_keep(&results[2]);
}

static void take_rows(struct member *m, int tab, uint32_t ticket, const struct result *result)
{
	struct rows rows = {0};

	for (int row = 0; row < result_rows(result); row++)
		if (!member_tabs[tab].row(&rows, m, result, row))
			break;
	list_answer(&m->lists[tab], ticket, &rows);
	int due = m->action_due;
	if (tab != m->tabs.current || !due)
		return;
	m->action_due = ACTION_NONE;
	if (m->screen->ui->top == m->screen)
		ui_act(m->screen->ui, due, 0);
}

static void take_opened(struct member *m, const struct desk_news *news)
{
	const struct answer *answer = news->answer;

	if (!desk_good(m->screen, answer, "opening the member")) {
		list_failed(&m->lists[TAB_TIMELINE], (uint32_t)news->number);
		snprintf(m->trouble, sizeof m->trouble, "%.150s", answer->error->why);
		return;
	}
	int at = desk_of(m->screen)->read_only ? 1 : 0; // behind what let it write
	if (member_person_read(answer->results[at], &m->person)) {
		result_free(m->kept);
		m->kept = result_keep(&answer->results[at]);
	}
	take_card(m, answer->results + at + 1, answer->count - at - 2);
	take_rows(m, TAB_TIMELINE, (uint32_t)news->number, answer->results[answer->count - 1]);
	if (m->card_due)
		member_show_again(m);
}

static void take_tab(struct member *m, const struct desk_news *news)
{
	int tab = news->tag - TAG_TAB;

	if (desk_good(m->screen, news->answer, member_tabs[tab].list.what))
		take_rows(m, tab, (uint32_t)news->number, news->answer->results[0]);
	else
		list_failed(&m->lists[tab], (uint32_t)news->number);
}

static void take_answer(struct member *m, const struct desk_news *news)
{
	switch (news->tag) {
	case TAG_OPENED:
		take_opened(m, news);
		break;
	case TAG_CARD:
		if (desk_good(m->screen, news->answer, "reading the card"))
			take_card(m, news->answer->results, news->answer->count);
		if (m->card_due)
			ask_card(m);
		break;
	case TAG_DEED:
		member_deed_answer(m, news->answer);
		member_show_again(m);
		break;
	case TAG_WATCH:
		member_deed_watched(m, news->answer);
		break;
	case TAG_PURCHASE:
		member_reverse_found(m, news->answer);
		break;
	case TAG_HOUSEHOLD:
		member_household_answer(m, news->answer);
		break;
	case TAG_MERGE:
		member_merge_previewed(m, news->answer);
		break;
	case TAG_EDIT:
		member_edited(m, news->answer);
		member_show_again(m);
		break;
	case TAG_NOTE:
		member_noted(m, news->answer);
		member_show_again(m);
		break;
	case TAG_CLAIM:
		member_claimed(m, news->answer);
		member_show_again(m);
		break;
	case TAG_AS_OF:
		member_as_of_answer(m, news->answer);
		break;
	case TAG_ERASE:
		member_erased(m, news->answer);
		member_show_again(m);
		break;
	case TAG_HOUSEHOLD_CHANGE:
		member_household_changed(m, news->answer);
		member_show_again(m);
		break;
	case TAG_RECEIVER:
		member_receiver_found(m, news->answer);
		break;
	case TAG_REWARD:
		member_reward_answer(m, news->answer);
		member_show_again(m);
		break;
	case TAG_CASE:
		member_case_answer(m, news->answer);
		break;
	default:
		take_tab(m, news);
	}
}

static bool is_about(const struct member *m, const struct desk_news *news)
{
	if (news->channel == DESK_EVERYTHING)
		return true;
	return news->channel != DESK_JOURNAL && strtoll(news->payload, NULL, 10) == m->member_id;
}

static void member_screen_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct member *m = s->state;

	switch (news->kind) {
	case DESK_ANSWERED:
		take_answer(m, news);
		break;
	case DESK_CHANGED:
		if (!is_about(m, news))
			break;
		member_show_again(m);
		member_deed_watch(m);
		break;
	case DESK_FACTS:
		count_tabs(m);
	}
}

// --- Drawing.

static int card_rows(struct area a)
{
	return a.height >= SHORT_HEIGHT ? CARD_ROWS : 2;
}

static struct area list_area(struct area a)
{
	int above = card_rows(a) + 1;

	return area_rows(a, above, a.height - above);
}

static void member_screen_layout(struct screen *s, struct area a)
{
	struct member *m = s->state;

	if (m->is_started[m->tabs.current])
		list_layout(&m->lists[m->tabs.current], list_area(a));
}

static void member_screen_draw(const struct screen *s, struct area a)
{
	const struct member *m = s->state;

	member_card_draw(m, area_rows(a, 0, card_rows(a)));
	tabs_draw(&m->tabs, a, card_rows(a));
	if (m->filter && m->tabs.current == TAB_TIMELINE)
		draw_format(a, card_rows(a), a.width - 17, 17, ROLE_BADGE, " %s only ",
			timeline_filter_name(m->filter));
	if (m->is_started[m->tabs.current])
		list_draw(&m->lists[m->tabs.current], list_area(a));
}

static enum did member_screen_mouse(struct screen *s, int y, int x, enum mouse_button button)
{
	struct member *m = s->state;
	int above = card_rows(s->area);

	if (y == above && button == MOUSE_CLICK && tabs_mouse(&m->tabs, x) == DID) {
		member_show_tab(m);
		return DID;
	}
	return list_mouse(&m->lists[m->tabs.current], y - above - 1, x, button);
}

static void member_screen_title(const struct screen *s, char *out, size_t size)
{
	const struct member *m = s->state;

	if (m->kept)
		snprintf(out, size, "%" PRId64 " %s %s", m->person.number, m->person.given_name,
			m->person.family_name);
	else
		snprintf(out, size, "Member");
}

static void member_screen_position(const struct screen *s, char *out, size_t size)
{
	const struct member *m = s->state;

	out[0] = 0;
	if (m->is_started[m->tabs.current])
		list_position(&m->lists[m->tabs.current], out, size);
}

static const int member_actions[] = {ACTION_WHY, ACTION_GOODWILL, ACTION_NEW_CASE, ACTION_REVERSE,
	ACTION_REDEEM, ACTION_SEND_POINTS, ACTION_USE_REWARD, ACTION_RESERVE_REWARD, ACTION_VERIFY, ACTION_CONSENTS, ACTION_HOUSEHOLD, ACTION_MERGE, ACTION_EDIT_MEMBER,
	ACTION_MEMBER_NOTE, ACTION_BLOCK_MEMBER, ACTION_AS_OF, ACTION_CLAIM, ACTION_ERASE_MEMBER, ACTION_UNDO, ACTION_FILTER, ACTION_OPEN, ACTION_COPY, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops member_screen = {
	.name = "member",
	.help = "Everything about one member, and what is done for them",
	.size = sizeof(struct member),
	.rights = DESK_MAY_LOOK,
	.digits = true,
	.actions = member_actions,
	.open = member_screen_open,
	.close = member_screen_close,
	.answer = member_screen_answer,
	.cancel = desk_cancel,
	.layout = member_screen_layout,
	.draw = member_screen_draw,
	.act = member_act,
	.disabled = member_disabled,
	.mouse = member_screen_mouse,
	.title = member_screen_title,
	.position = member_screen_position,
};

void member_open_at(struct ui *ui, int64_t member_id, int64_t reward_no)
{
	struct screen *s = screen_open(ui, &member_screen, &member_id);
	char key[64];

	if (!s || !reward_no)
		return;
	struct member *m = s->state;
	snprintf(key, sizeof key, "1 %" PRId64 " %" PRId64, member_id, reward_no);
	m->tabs.current = TAB_REWARDS;
	member_show_tab(m);
	list_go_to(&m->lists[TAB_REWARDS], key);
}
