// Statements about households.
#include "model/member/household.h"

#define SHOW(member)                                                                                         \
	"SELECT s.household, s.name, s.closed_on, s.points, s.member, s.member_name, s.role, s.percent, "    \
	"s.may_redeem, s.since FROM loyalty.household_show(" member ") s"

void household_create(struct ask *ask, const char *head, const char *name, const char *percent)
{
	ask_init(ask, "SELECT loyalty.household_create(loyalty.member_of($1), $2, $3::int)");
	ask_text(ask, head);
	ask_text(ask, name);
	ask_text(ask, percent);
}

static void terms_ask(struct ask *ask, const struct household_terms *terms)
{
	ask_text(ask, terms->role);
	ask_text(ask, terms->percent);
	ask_text(ask, terms->may_redeem);
}

void household_add(
	struct ask *ask, const char *household, const char *member, const struct household_terms *terms)
{
	ask_init(ask, "SELECT loyalty.household_add(loyalty.member_of($1), loyalty.member_of($2), $3, "
		      "$4::int, $5::boolean)");
	ask_text(ask, household);
	ask_text(ask, member);
	terms_ask(ask, terms);
}

void household_set(struct ask *ask, const char *member, const struct household_terms *terms)
{
	ask_init(ask, "SELECT loyalty.household_set(loyalty.member_of($1), $2, $3::int, $4::boolean)");
	ask_text(ask, member);
	terms_ask(ask, terms);
}

void household_remove(struct ask *ask, const char *member)
{
	ask_init(ask, "SELECT loyalty.household_remove(loyalty.member_of($1))");
	ask_text(ask, member);
}

void household_close(struct ask *ask, const char *household)
{
	ask_init(ask, "SELECT loyalty.household_close(loyalty.member_of($1))");
	ask_text(ask, household);
}

void household_show(struct ask *ask, const char *member)
{
	ask_init(ask, SHOW("loyalty.member_of($1)"));
	ask_text(ask, member);
}

void household_of(struct ask *ask, int64_t member_id)
{
	ask_init(ask, SHOW("$1"));
	ask_number(ask, member_id);
}

void household_row_read(const struct result *result, int row, struct household_row *line)
{
	*line = (struct household_row){
		.household = result_int64(result, row, 0),
		.name = result_text(result, row, 1),
		.closed_on = result_text(result, row, 2),
		.points = result_text(result, row, 3),
		.member = result_int64(result, row, 4),
		.member_name = result_text(result, row, 5),
		.role = result_text(result, row, 6),
		.percent = (int)result_int64(result, row, 7),
		.may_redeem = result_bool(result, row, 8),
	};
}
