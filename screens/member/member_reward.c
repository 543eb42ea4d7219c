// What is done with a member's issued reward: used wholly or in part, reserved and released, cancelled.
#include "screens/member/member.h"

#include "model/amount.h"
#include "model/reward/reward.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"

#include <stdio.h>
#include <string.h>

enum { RESERVE_SECONDS = 900 };

// Remembers the selected reward for what follows; false: there is none with a code.
static bool take_selected(struct member *m)
{
	const struct row *row = m->tabs.current == TAB_REWARDS ? list_selected(&m->lists[TAB_REWARDS]) : NULL;

	if (!row || !*row->cells[REWARD_CODE])
		return false;
	m->reward = (struct reward_at_hand){.number = member_selected(m, HIDDEN_ID)};
	const char *by = strstr(row->cells[REWARD_NAME], ", by ");
	if (!by && member_selected(m, HIDDEN_OWNER))
		by = strrchr(row->cells[REWARD_NAME], '(') - 1;
	snprintf(m->reward.name, sizeof m->reward.name, "%.*s",
		(int)(by ? by - row->cells[REWARD_NAME] : (ptrdiff_t)sizeof m->reward.name - 1),
		row->cells[REWARD_NAME]);
	snprintf(m->reward.code, sizeof m->reward.code, "%s", row->cells[REWARD_CODE]);
	m->reward.is_reserved = !strcmp(row->cells[REWARD_STATE], "reserved");
	return true;
}

const char *member_reward_disabled(const struct member *m)
{
	if (m->tabs.current != TAB_REWARDS)
		return "select a reward on the tab Rewards";
	switch (member_selected_kind(m)) {
	case KIND_REWARD:
		return NULL;
	case KIND_REWARD_BARE:
		return "the reward waits for stock and has no code yet";
	default:
		return "only a reward that is issued or reserved; select one";
	}
}

static bool reward_send(struct member *m, const struct ask *ask, const char *doing)
{
	snprintf(m->reward.doing, sizeof m->reward.doing, "%s", doing);
	return desk_send(
		m->screen, &(struct desk_request){.tag = TAG_REWARD, .what = m->reward.doing, .asks = {ask}});
}

// --- Using.

static bool send_use(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	const char *typed = form_value(f, "amount");
	int64_t amount = 0;
	struct ask ask;

	if (*typed &&
		(!amount_parse(typed, amount_money_decimals(desk_facts(s)->money), &amount) || amount < 1)) {
		form_error(f, "amount", "an amount above 0, as 12.50");
		return false;
	}
	if (!*m->reward.key && !desk_key(s, m->reward.key))
		return false;
	reward_use(&ask, m->reward.code, m->reward.key, amount, form_value(f, "note"));
	if (reward_send(m, &ask, "using the reward"))
		m->reward.form = form_wait(f);
	return false;
}

void member_reward_use(struct member *m)
{
	static const struct form_field fields[] = {
		{"amount", "Amount", FIELD_TEXT, .max = 20, .help = "Empty: all that is left of it"},
		{"note", "Note", FIELD_TEXT, .max = 190, .help = "Stands in the reward's history"},
	};
	static const struct form_spec spec = {
		.title = "Use the reward",
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Use",
		.saved = send_use,
	};

	if (take_selected(m))
		form_open(m->screen, &spec, NULL, m);
}

// --- Reserving, and its end.

static void send_reserve(struct screen *s, void *payload)
{
	struct member *m = payload;
	struct ask ask;

	if (m->reward.is_reserved) {
		reward_release(&ask, m->reward.code, NULL);
		reward_send(m, &ask, "releasing the reward");
	} else if (desk_key(s, m->reward.key)) {
		reward_reserve(&ask, m->reward.code, m->reward.key, RESERVE_SECONDS);
		reward_send(m, &ask, "reserving the reward");
	}
}

void member_reward_reserve(struct member *m)
{
	char text[400];

	if (!take_selected(m))
		return;
	if (m->reward.is_reserved)
		snprintf(text, sizeof text,
			"%.160s is held by a till or a desk. Released, anybody who has the code may use it.",
			m->reward.name);
	else
		snprintf(text, sizeof text,
			"Nobody else can use %.160s for a quarter of an hour; then it is free again by "
			"itself.",
			m->reward.name);
	dialog_confirm(m->screen,
		&(struct question){
			.title = m->reward.is_reserved ? "Release the reward?" : "Reserve the reward?",
			.text = text,
			.yes = m->reward.is_reserved ? "Release" : "Reserve"},
		send_reserve, m);
}

// --- Cancelling: an event, whose outcome is told as that of other deeds.

static void send_cancel(struct screen *s, void *payload)
{
	struct member *m = payload;
	struct ask ask;

	m->deed = (struct deed){.kind = DEED_CANCEL};
	if (!desk_key(s, m->deed.key))
		return;
	snprintf(m->deed.what, sizeof m->deed.what, "%.120s cancelled", m->reward.name);
	action_cancel_reward(&ask, m->member_id, m->deed.key, m->reward.number);
	member_deed_send(m, &ask);
}

void member_reward_cancel(struct member *m)
{
	char text[400];

	if (!take_selected(m))
		return;
	snprintf(text, sizeof text,
		"%.120s, code %.64s, is void at once. Its points go back to the lots that paid for it; a lot "
		"whose day "
		"has come takes them along. Both stay in the ledger.",
		m->reward.name, m->reward.code);
	dialog_confirm(m->screen,
		&(struct question){.title = "Cancel the reward?",
			.text = text,
			.yes = "Cancel the reward",
			.no = "Keep it"},
		send_cancel, m);
}

// --- The answer.

static void tell_done(struct member *m, const struct result *result)
{
	char left[AMOUNT_SIZE];
	int64_t minor = result_int64(result, 0, 0);

	if (!strncmp(m->reward.doing, "reserving", 9)) {
		screen_say(m->screen, ROLE_GOOD, "%s is reserved until %s", m->reward.name,
			result_text(result, 0, 0));
	} else if (!strncmp(m->reward.doing, "releasing", 9)) {
		screen_say(m->screen, ROLE_GOOD, "%s is free again", m->reward.name);
	} else {
		amount_money(left, minor, desk_facts(m->screen)->money, AMOUNT_PLAIN);
		screen_say(m->screen, ROLE_GOOD, "Used: %s%s%s", m->reward.name,
			minor ? "; left of it: " : "", minor ? left : "");
	}
}

void member_reward_answer(struct member *m, const struct answer *answer)
{
	if (answer->outcome != REQUEST_OK) {
		if (answer->outcome == REQUEST_SQL_ERROR)
			m->reward.key[0] = 0; // nothing was done under it
		form_refused(m->screen->ui, m->reward.form, NULL, desk_reason(answer->error));
		desk_good(m->screen, answer, m->reward.doing);
		return;
	}
	form_saved(m->screen->ui, m->reward.form);
	tell_done(m, answer->results[0]);
}
