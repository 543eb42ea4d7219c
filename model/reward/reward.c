// What becomes of an issued reward at a till or a desk: found by its code, reserved, released, used, donated.
#include "model/reward/reward.h"

// clang-format off
#define ZONE "coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC')"
#define MOMENT(value) "to_char(" value " AT TIME ZONE " ZONE ", 'YYYY-MM-DD HH24:MI:SS')"
#define MONEY(value) "round(" value " / 100.0, 2)"

static const char FIND_SQL[] =
	"SELECT f.number AS member, f.reward, f.name, f.state, " MONEY("f.value_minor") " AS value, "
	MONEY("f.remaining_minor") " AS remaining, f.issued_on, f.expires_on, "
	MOMENT("f.reserved_until") " AS reserved_until, f.reserved_by, f.reward_no FROM loyalty.reward_find($1) f";

static const char STEPS_SQL[] =
	"SELECT " MOMENT("s.at") " AS at, s.step, s.login AS by, s.key, " MONEY("s.amount_minor") " AS amount, "
	MOMENT("s.until_at") " AS until, s.note FROM loyalty.reward_find($1) f "
	"JOIN loyalty.reward_step s USING (member_id, reward_no) ORDER BY s.step_no";
// clang-format on

void reward_find(struct ask *ask, const char *code)
{
	ask_init(ask, FIND_SQL);
	ask_text(ask, code);
}

void reward_owner(struct ask *ask, const char *code)
{
	ask_init(ask, "SELECT f.member_id, f.reward_no FROM loyalty.reward_find($1) f");
	ask_text(ask, code);
}

void reward_steps(struct ask *ask, const char *code)
{
	ask_init(ask, STEPS_SQL);
	ask_text(ask, code);
}

void reward_reserve(struct ask *ask, const char *code, const char *key, int seconds)
{
	ask_init(ask, "SELECT " MOMENT("loyalty.reward_reserve($1, $2, $3::int)"));
	ask_text(ask, code);
	ask_text(ask, key);
	ask_number(ask, seconds);
}

void reward_release(struct ask *ask, const char *code, const char *key)
{
	ask_init(ask, "SELECT loyalty.reward_release($1, $2)");
	ask_text(ask, code);
	ask_text(ask, key);
}

void reward_use(struct ask *ask, const char *code, const char *key, int64_t amount_minor, const char *note)
{
	ask_init(ask, "SELECT loyalty.reward_use($1, $2, nullif($3::bigint, 0), $4)");
	ask_text(ask, code);
	ask_text(ask, key);
	ask_number(ask, amount_minor);
	ask_text(ask, note);
}

void reward_donate(struct ask *ask, const char *code, const char *key, const char *note)
{
	ask_init(ask, "SELECT loyalty.reward_donate($1, $2, $3)");
	ask_text(ask, code);
	ask_text(ask, key);
	ask_text(ask, note);
}
