// Rewards: the catalogue with its stock, which can be set, what became of those issued, and the member who has a code.
#include "model/amount.h"
#include "model/engine/decimal.h"
#include "model/reward/reward.h"
#include "model/reward/reward_stock.h"
#include "screens/desk.h"
#include "screens/ui/detail.h"
#include "screens/ui/form.h"
#include "screens/ui/list.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_LOAD = 1, TAG_FIND, TAG_STOCK, TAG_SERVE };
enum { FOOT_HEIGHT = 9, LABEL = 11 };

// Cells of a row: those of the columns, then what the detail shows.
enum {
	CELL_REWARD,
	CELL_COST,
	CELL_OFFERED,
	CELL_FREE,
	CELL_ISSUED,
	CELL_REDEEMED,
	COLUMN_COUNT,
	CELL_CODE = COLUMN_COUNT,
	CELL_STOCK,
	CELL_ENDS,
	CELL_TOTAL, // of a number: it; of a pool POOL_TOTAL; without a limit ""
	CELL_COUNT
};
#define POOL_TOTAL "pool"

struct rewards {
	struct list list;
	struct detail detail; // of the selected reward
	uint32_t ticket, form;
	bool is_stale;
	char reward[40]; // whose stock is being set
	int64_t served;  // of those that waited for it
};

static const struct column columns[COLUMN_COUNT] = {
	[CELL_REWARD] = {.title = "Reward", .width = 24, .flex = 1},
	[CELL_COST] = {.title = "Cost", .width = 12, .align = ALIGN_RIGHT},
	[CELL_OFFERED] = {.title = "Offered", .width = 15},
	[CELL_FREE] = {.title = "Left", .width = 10, .align = ALIGN_RIGHT},
	[CELL_ISSUED] = {.title = "Issued", .width = 10, .align = ALIGN_RIGHT},
	[CELL_REDEEMED] = {.title = "Redeemed", .width = 10, .align = ALIGN_RIGHT, .priority = 1},
};

static void load(struct screen *s)
{
	struct rewards *w = s->state;
	struct ask catalogue, rules[RULEBOOK_STATEMENTS];
	struct desk_request request = {
		.tag = TAG_LOAD, .what = "rewards", .asks = {&catalogue}, .is_read = true};
	w->is_stale = desk_pending(s, TAG_LOAD) > 0;
	if (w->is_stale)
		return;
	reward_catalogue(&catalogue);
	desk_rulebook_ask(desk_of(s), rules, request.asks + 1);
	if (!desk_send(s, &request))
		list_failed(&w->list, w->ticket);
}

static void rewards_ask_rows(struct list *l, const struct rows_request *request)
{
	struct rewards *w = l->payload;
	struct rows none = {0};
	if (request->ask != ROWS_FIRST) { // all there are were read at once
		list_answer(l, request->ticket, &none);
		return;
	}
	w->ticket = request->ticket;
	load(l->screen);
}

// --- What the rules say of the selected reward.

static const struct reward *rule_of(const struct screen *s, const char *code)
{
	const struct rulebook *rulebook = desk_of(s)->rulebook;
	if (!rulebook)
		return NULL;
	const struct programme *programme =
		rulebook->versions[rulebook_at(rulebook, desk_facts(s)->business_day)].programme;
	int index = programme_reward(programme, code);
	return index < 0 ? NULL : &programme->rewards[index];
}

static void add_offered(struct detail *d, const struct screen *s, const struct reward *reward)
{
	char text[OFFERED_SIZE];
	bool is_offered = reward_is_offered(reward, desk_facts(s)->business_day);
	detail_format(d, is_offered ? ROLE_TEXT : ROLE_WARNING, LABEL, "Offered", "%s%s",
		reward_offered_text(reward, text),
		is_offered ? "" : "; not today: nobody can redeem it, and nothing issues it");
}

static void add_limits(struct detail *d, const struct screen *s, const struct reward *reward)
{
	char basket[AMOUNT_SIZE] = "", text[300] = "";
	if (reward->min_basket)
		snprintf(text, sizeof text, "a basket of %s at least, ",
			amount_money(basket, reward->min_basket, desk_facts(s)->money, AMOUNT_PLAIN));
	if (reward->min_per_txn)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%" PRId64 " at once at least, ",
			reward->min_per_txn);
	if (reward->max_per_txn)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%" PRId64 " at once, ",
			reward->max_per_txn);
	if (reward->max_per_year)
		snprintf(text + strlen(text), sizeof text - strlen(text),
			"%" PRId64 " a year for one member, ", reward->max_per_year);
	if (reward->tiers)
		snprintf(text + strlen(text), sizeof text - strlen(text), "some tiers only, ");
	size_t length = strlen(text);
	detail_format(
		d, ROLE_TEXT, LABEL, "Limits", "%.*s", length ? (int)length - 2 : 4, length ? text : "none");
}

static void add_validity(struct detail *d, const struct validity *validity)
{
	switch (validity->kind) {
	case VALID_DAYS:
		detail_format(d, ROLE_TEXT, LABEL, "Valid", "%d days from its issue", (int)validity->count);
		break;
	case VALID_MONTHS:
		detail_format(d, ROLE_TEXT, LABEL, "Valid", "%d months from its issue", (int)validity->count);
		break;
	case VALID_MONTH_END:
		detail_add(d, ROLE_TEXT, LABEL, "Valid", "to the end of the month");
		break;
	case VALID_UNTIL_DATE:
		detail_format(d, ROLE_TEXT, LABEL, "Valid", "until the next %02d-%02d, %d years on",
			validity->date.month, validity->date.day, (int)validity->years);
		break;
	default:
		detail_add(d, ROLE_TEXT, LABEL, "Valid", "without end, unless a grant says otherwise");
	}
}

static void show_detail(struct list *l)
{
	struct rewards *w = l->payload;
	const struct row *row = list_selected(l);
	detail_clear(&w->detail);
	if (!row)
		return;
	const struct reward *reward = rule_of(l->screen, row->cells[CELL_CODE]);
	detail_format(&w->detail, ROLE_STRONG, LABEL, "Reward", "%s", row->cells[CELL_REWARD]);
	detail_format(&w->detail, ROLE_TEXT, LABEL, "Stock", "%s", row->cells[CELL_STOCK]);
	detail_format(&w->detail, ROLE_TEXT, LABEL, "Ended", "%s", row->cells[CELL_ENDS]);
	if (!reward) {
		detail_add(
			&w->detail, ROLE_DIM, LABEL, "Limits", "the programme in force has no such reward");
		return;
	}
	add_offered(&w->detail, l->screen, reward);
	add_limits(&w->detail, l->screen, reward);
	add_validity(&w->detail, &reward->validity);
}

static const struct list_spec spec = {
	.columns = columns,
	.column_count = COLUMN_COUNT,
	.what = "rewards",
	.empty = "The programme has no rewards.",
	.ask = rewards_ask_rows,
	.selected = show_detail,
};

// --- Rows.

static void stock_text(const struct reward_line *line, char *out, size_t size)
{
	if (!line->is_counted)
		snprintf(out, size, "no limit");
	else
		snprintf(out, size,
			"%s%" PRId64 ": %" PRId64 " left, %" PRId64 " being redeemed, %" PRId64 " issued",
			line->is_pool ? "a pool of codes, " : "", line->total, line->free, line->held,
			line->total - line->free - line->held);
	if (line->waiting)
		snprintf(out + strlen(out), size - strlen(out), "; %" PRId64 " issued ones wait for more",
			line->waiting);
}

// What a glance has to tell of when it is offered.
static void offered_text(const struct screen *s, const struct reward_line *line, char *out, size_t size)
{
	const struct reward *reward = rule_of(s, line->code);
	char day[DAY_SIZE];
	day_t today = desk_facts(s)->business_day;
	if (!reward)
		snprintf(out, size, "not in force");
	else if (today < reward->first_day)
		snprintf(out, size, "from %s", day_format(reward->first_day, day));
	else if (reward->last_day != DAY_NONE)
		snprintf(out, size, "%s %s", today > reward->last_day ? "over" : "to",
			day_format(reward->last_day, day));
	else
		snprintf(out, size, "always");
}

static bool add_row(struct rows *rows, const struct screen *s, const struct result *result, int row)
{
	struct reward_line line;
	char left[24] = "no limit", total[24] = "", issued[24], redeemed[24], stock[200], ends[160], cost[64],
	     offered[24];
	reward_line_read(result, row, &line);
	if (line.is_counted) {
		snprintf(left, sizeof left, "%" PRId64, line.free);
		snprintf(total, sizeof total, "%" PRId64, line.total);
	}
	snprintf(issued, sizeof issued, "%" PRId64, line.issued);
	snprintf(redeemed, sizeof redeemed, "%" PRId64, line.redeemed);
	snprintf(cost, sizeof cost, "%.20s %.33s", line.cost, line.currency);
	snprintf(ends, sizeof ends,
		"%" PRId64 " redeemed, %" PRId64 " donated, %" PRId64 " expired, %" PRId64 " cancelled",
		line.redeemed, line.donated, line.expired, line.cancelled);
	stock_text(&line, stock, sizeof stock);
	offered_text(s, &line, offered, sizeof offered);
	const char *cells[CELL_COUNT] = {line.name, *line.cost ? cost : "not sold", offered, left, issued,
		redeemed, line.code, stock, ends, line.is_pool ? POOL_TOTAL : total};
	bool is_out = line.is_counted && line.free == 0;
	return rows_add(rows, line.code,
		line.waiting      ? ROLE_BAD
		: is_out          ? ROLE_WARNING
		: line.is_offered ? ROLE_TEXT
				  : ROLE_DIM,
		cells, CELL_COUNT);
}

static void take_load(struct screen *s, const struct answer *answer)
{
	struct rewards *w = s->state;
	struct rows rows = {0};
	struct error error = {0};
	bool is_complete = true;
	if (!desk_good(s, answer, "looking at the rewards")) {
		list_failed(&w->list, w->ticket);
		return;
	}
	if (answer->count > 1 && !desk_rulebook_take(desk_of(s), answer->results + 1, &error))
		desk_say_error(s, "reading the rules", &error);
	for (int row = 0; row < result_rows(answer->results[0]) && is_complete; row++)
		is_complete = add_row(&rows, s, answer->results[0], row);
	if (!is_complete)
		screen_say(s, ROLE_BAD, "Out of memory: not all rewards are shown");
	list_answer(&w->list, w->ticket, &rows);
	w->list.at_end = true;
	if (w->is_stale)
		list_refresh(&w->list);
}

// --- Who has a code.

static bool send_find(struct screen *s, struct form *f, void *payload)
{
	struct rewards *w = payload;
	struct ask ask;
	reward_owner(&ask, form_value(f, "code"));
	if (desk_send(s, &(struct desk_request){
				 .tag = TAG_FIND, .what = "the code", .asks = {&ask}, .is_read = true}))
		w->form = form_wait(f);
	return false;
}

static void open_find(struct screen *s)
{
	static const struct form_field fields[] = {
		{"code", "Code", FIELD_TEXT, .max = 80, .required = true,
			.help = "With or without dashes; O reads as 0, I and L as 1"},
	};
	static const struct form_spec form = {
		.title = "Whose code?", .fields = fields, .count = 1, .save = "Find", .saved = send_find};
	form_open(s, &form, NULL, s->state);
}

static void take_find(struct screen *s, const struct answer *answer)
{
	struct rewards *w = s->state;
	if (answer->outcome != REQUEST_OK) {
		form_refused(s->ui, w->form, "code", desk_reason(answer->error));
		desk_good(s, answer, "looking for the code");
		return;
	}
	form_saved(s->ui, w->form);
	member_open_at(
		s->ui, result_int64(answer->results[0], 0, 0), result_int64(answer->results[0], 0, 1));
}

// --- How many there may be.

static bool send_stock(struct screen *s, struct form *f, void *payload)
{
	struct rewards *w = payload;
	struct ask total, waiting;
	struct error error = {0};
	const char *typed = form_value(f, "number");
	if (!desk_may_write(s))
		return false;
	if (!reward_stock_total(&total, w->reward, *typed ? typed : "none", &error)) {
		form_error(f, "number", error.why);
		return false;
	}
	reward_stock_waiting(&waiting, w->reward);
	w->served = 0;
	if (desk_send(s, &(struct desk_request){
				 .tag = TAG_STOCK, .what = "the stock", .asks = {&total, &waiting}}))
		w->form = form_wait(f);
	return false;
}

static void open_stock(struct screen *s)
{
	static const struct form_field fields[] = {
		{"number", "Number", FIELD_TEXT, .max = 13,
			.help = "With those that are out already; empty: no limit"},
	};
	static const struct form_spec form = {
		.title = "How many may there be?", .fields = fields, .count = 1, .saved = send_stock};
	struct rewards *w = s->state;
	const struct row *row = list_selected(&w->list);
	if (!row || !desk_may_write(s))
		return;
	const char *start[] = {row->cells[CELL_TOTAL]};
	snprintf(w->reward, sizeof w->reward, "%s", row->cells[CELL_CODE]);
	form_open(s, &form, start, w);
}

// Who waits gets codes, as far as the stock reaches, a thousand at a time.
static void serve(struct screen *s, int64_t waiting)
{
	struct rewards *w = s->state;
	struct ask give, left;
	struct error error = {0};
	char *codes;
	if (waiting == 0) {
		screen_say(s, ROLE_GOOD, "The stock of %s is set%s", w->reward,
			w->served ? "; who waited for it has codes now" : "");
		list_refresh(&w->list);
		return;
	}
	if (!reward_stock_codes(&give, w->reward, waiting, &codes, &error)) {
		desk_say_error(s, "giving out codes", &error);
		return;
	}
	reward_stock_waiting(&left, w->reward);
	desk_send(s, &(struct desk_request){
			     .tag = TAG_SERVE, .what = "codes", .asks = {&give, &left}, .is_once = true});
	free(codes);
}

static void take_stock(struct screen *s, const struct answer *answer)
{
	struct rewards *w = s->state;
	if (answer->outcome != REQUEST_OK) {
		form_refused(s->ui, w->form, "number", desk_reason(answer->error));
		desk_good(s, answer, "setting the stock");
		return;
	}
	form_saved(s->ui, w->form);
	serve(s, result_int64(answer->results[1], 0, 0));
}

static void take_served(struct screen *s, const struct answer *answer)
{
	struct rewards *w = s->state;
	if (!desk_good(s, answer, "giving out codes"))
		return;
	int64_t given = result_int64(answer->results[0], 0, 0);
	w->served += given;
	serve(s, given ? result_int64(answer->results[1], 0, 0) : 0);
}

// --- The screen.

static void rewards_answer(struct screen *s, void *answer)
{
	const struct desk_news *news = answer;
	struct rewards *w = s->state;
	if (news->kind == DESK_ANSWERED && news->tag == TAG_LOAD)
		take_load(s, news->answer);
	else if (news->kind == DESK_ANSWERED && news->tag == TAG_FIND)
		take_find(s, news->answer);
	else if (news->kind == DESK_ANSWERED && news->tag == TAG_STOCK)
		take_stock(s, news->answer);
	else if (news->kind == DESK_ANSWERED)
		take_served(s, news->answer);
	else if (news->kind == DESK_CHANGED && news->channel != DESK_CASE && news->channel != DESK_APPROVAL &&
		 news->channel != DESK_INSIGHT)
		list_refresh(&w->list);
}

static bool rewards_open(struct screen *s, const void *argument)
{
	(void)argument;
	struct rewards *w = s->state;
	detail_init(&w->detail, s);
	return list_init(&w->list, &spec, s, w);
}

static void rewards_close(struct screen *s)
{
	struct rewards *w = s->state;
	desk_forget(s);
	detail_free(&w->detail);
	list_free(&w->list);
}

static void rewards_layout(struct screen *s, struct area a)
{
	struct rewards *w = s->state;
	list_layout(&w->list, area_head(a, FOOT_HEIGHT));
	detail_layout(&w->detail, area_rows(area_foot(a, FOOT_HEIGHT), 1, FOOT_HEIGHT));
}

static void rewards_draw(const struct screen *s, struct area a)
{
	const struct rewards *w = s->state;
	struct area foot = area_foot(a, FOOT_HEIGHT);
	list_draw(&w->list, area_head(a, FOOT_HEIGHT));
	draw_rule(foot, 0, "The selected reward");
	detail_draw(&w->detail, area_rows(foot, 1, FOOT_HEIGHT));
}

static enum did rewards_act(struct screen *s, int action, int count)
{
	struct rewards *w = s->state;
	if (action == ACTION_FIND_CODE) {
		open_find(s);
		return DID;
	}
	if (action == ACTION_SET_STOCK) {
		open_stock(s);
		return DID;
	}
	enum did did = list_act(&w->list, action, count);
	return did == NOT_MINE ? desk_act(s, action) : did;
}

static const char *rewards_disabled(const struct screen *s, int action)
{
	const struct rewards *w = s->state;
	const struct row *row = list_selected(&w->list);
	if (action == ACTION_FIND_CODE && !(s->ui->rights & DESK_MAY_SERVE))
		return "who serves members looks them up";
	if (action != ACTION_SET_STOCK)
		return NULL;
	if (!action_allowed(action, s->ui->rights))
		return "marketing, managers and administrators set stock";
	if (row && strcmp(row->cells[CELL_TOTAL], POOL_TOTAL) == 0)
		return "its stock is its imported codes; more come with: loyalty import codes";
	return row ? NULL : "no reward is selected";
}

static void rewards_title(const struct screen *s, char *out, size_t size)
{
	(void)s;
	snprintf(out, size, "Rewards");
}

static const int rewards_actions[] = {ACTION_FIND_CODE, ACTION_SET_STOCK, ACTION_REFRESH, DESK_EVERYWHERE, ACTION_NONE};

const struct screen_ops rewards_screen = {
	.name = "rewards",
	.help = "The catalogue of rewards: when they are offered, stock, limits, what became of those issued",
	.size = sizeof(struct rewards),
	.actions = rewards_actions,
	.open = rewards_open,
	.close = rewards_close,
	.answer = rewards_answer,
	.layout = rewards_layout,
	.draw = rewards_draw,
	.act = rewards_act,
	.disabled = rewards_disabled,
	.cancel = desk_cancel,
	.title = rewards_title,
};
