// The attributes of the condition language.
#include "model/segment/attribute.h"

#include <string.h>
#include <strings.h>

static const char *const STATUSES[] = {"active", "blocked", "merged", "erased", "closed", NULL};
static const char *const LEAPS[] = {"feb28", "mar1", NULL};
static const char *const ROLES[] = {"head", "adult", "child", NULL};
static const char *const MATTERS[] = {"promotions:email", "promotions:sms", "promotions:phone",
	"promotions:post", "promotions:app", "partner_promotions:email", "partner_promotions:sms",
	"partner_promotions:phone", "partner_promotions:post", "partner_promotions:app", "profiling", "terms",
	NULL};

// What happened in a span of days that ends today and was not refused. The first comparison is what finds it:
// the journal grows by that day.
#define JOURNAL_OF_SPAN(value, types)                                                                        \
	"SELECT j.member_id, " value " AS value FROM loyalty.journal j WHERE j.type IN (" types ") "         \
	"AND j.activity_on > %F AND coalesce(j.happened_on, j.activity_on) > %F "                            \
	"AND coalesce(j.happened_on, j.activity_on) <= %T AND NOT EXISTS (SELECT FROM loyalty.outcome o "    \
	"WHERE o.member_id = j.member_id AND o.seq = j.seq AND o.result <> 'accepted') AND %M "              \
	"GROUP BY j.member_id"

#define OF_DECLARED(column)                                                                                  \
	"SELECT a.member_id, a." column " AS value FROM loyalty.attribute_values(%1, %I) a WHERE %M"

const struct attribute ATTRIBUTES[] = {
	{.name = "everybody",
		.type = ATTRIBUTE_IS,
		.is_known = true,
		.words = "is a member",
		.negated = "is no member",
		.help = "all members that are active",
		.value = "true"},
	{.name = "tier",
		.type = ATTRIBUTE_TIER,
		.words = "the tier",
		.help = "the tier now: tier >= gold",
		.value = "s.tier_id",
		.standing = true},
	{.name = "tier",
		.type = ATTRIBUTE_TIER,
		.argument = ARGUMENT_NAME,
		.argument_names = NAME_LADDER,
		.words = "the tier of %s",
		.help = "the tier of a ladder: tier(level) = gold",
		.is_known = true,
		.join = "SELECT DISTINCT ON (t.member_id) t.member_id, t.tier_id AS value FROM "
			"loyalty.member_tier t "
			"WHERE t.ladder_id = %1 AND %M ORDER BY t.member_id, t.change_no DESC",
		.value = "coalesce(%A.value, (SELECT t.tier_id FROM loyalty.tier t WHERE t.ladder_id = %1 "
			 "AND t.rank = 0))"},
	{.name = "tier_until",
		.type = ATTRIBUTE_DAY,
		.words = "the day to which the tier holds",
		.help = "unknown for a tier that has no end: tier_until in next 30 days",
		.value = "CASE WHEN isfinite(s.tier_until) THEN s.tier_until END",
		.standing = true},
	{.name = "points",
		.type = ATTRIBUTE_POINTS,
		.words = "the balance of points",
		.help = "points that can be spent: points >= 500",
		.is_counted = true,
		.argument_names = NAME_CURRENCY,
		.join = "SELECT b.member_id, b.points AS value FROM loyalty.balance b WHERE b.currency_id = "
			"%1 AND %M",
		.value = "%A.value"},
	{.name = "points",
		.type = ATTRIBUTE_POINTS,
		.argument = ARGUMENT_NAME,
		.argument_names = NAME_CURRENCY,
		.words = "the balance of %s",
		.help = "the balance of a currency: points(STAR) >= 500",
		.is_counted = true,
		.join = "SELECT b.member_id, b.points AS value FROM loyalty.balance b WHERE b.currency_id = "
			"%1 AND %M",
		.value = "%A.value"},
	{.name = "last_purchase",
		.type = ATTRIBUTE_DAY,
		.words = "the last purchase",
		.help = "its day: last_purchase < 60 days ago",
		.value = "s.last_purchase_on",
		.standing = true},
	{.name = "last_activity",
		.type = ATTRIBUTE_DAY,
		.words = "the last activity",
		.help = "the day of the last event of any kind: last_activity in last 30 days",
		.value = "s.last_activity_on",
		.standing = true},
	{.name = "purchases",
		.type = ATTRIBUTE_COUNT,
		.words = "the number of purchases",
		.help = "how many there ever were: purchases >= 3",
		.value = "s.purchases",
		.standing = true,
		.is_known = true},
	{.name = "purchases",
		.type = ATTRIBUTE_COUNT,
		.argument = ARGUMENT_SPAN,
		.words = "the number of purchases in the last %s",
		.help = "how many there were: purchases(30 days) = 0",
		.is_counted = true,
		.join = JOURNAL_OF_SPAN("count(*)", "'purchase'"),
		.value = "%A.value"},
	{.name = "spend",
		.type = ATTRIBUTE_MONEY,
		.argument = ARGUMENT_SPAN,
		.words = "what was spent in the last %s",
		.help = "purchases less returns, in money: spend(90 days) >= 200",
		.is_counted = true,
		.join = JOURNAL_OF_SPAN(
			"sum(CASE j.type WHEN 'return' THEN -1 ELSE 1 END * coalesce(j.amount, "
			"(SELECT sum(a)::bigint FROM unnest(j.line_amount) a)))::bigint",
			"'purchase', 'return'"),
		.value = "%A.value"},
	{.name = "enrolled",
		.type = ATTRIBUTE_DAY,
		.words = "the enrolment",
		.help = "its day: enrolled in last 1 year",
		.value = "m.enrolled_on",
		.is_known = true},
	{.name = "age",
		.type = ATTRIBUTE_COUNT,
		.words = "the age",
		.help = "in whole years: age >= 18",
		.join = "SELECT a.member_id, a.age AS value FROM loyalty.member_ages(%T, %I) a WHERE %M",
		.value = "%A.value",
		.is_birth = true},
	{.name = "birthday",
		.type = ATTRIBUTE_BIRTHDAY,
		.words = "the birthday",
		.help = "a day of the year: birthday in next 7 days, birthday = 12-24",
		.value = "m.birthday",
		.is_birth = true},
	{.name = "birthday",
		.type = ATTRIBUTE_BIRTHDAY,
		.argument = ARGUMENT_CHOICE,
		.argument_choices = LEAPS,
		.words = "the birthday (29 February: %s in other years)",
		.help = "where a 29 February is kept in other years, feb28 without it: birthday(mar1) in next 7 days",
		.value = "m.birthday",
		.is_birth = true},
	{.name = "city",
		.type = ATTRIBUTE_TEXT,
		.words = "the city",
		.help = "city in (Ankara, 'İzmir')",
		.value = "m.city_folded"},
	{.name = "language",
		.type = ATTRIBUTE_TEXT,
		.words = "the language",
		.help = "language = tr",
		.value = "lower(m.language COLLATE \"C\")"},
	{.name = "channel",
		.type = ATTRIBUTE_TEXT,
		.words = "the channel of enrolment",
		.help = "channel = store",
		.value = "m.channel_folded"},
	{.name = "status",
		.type = ATTRIBUTE_CHOICE,
		.choices = STATUSES,
		.words = "the status",
		.help = "status = blocked; without it only active members are meant",
		.value = "m.status",
		.is_known = true},
	{.name = "flag",
		.type = ATTRIBUTE_IS,
		.argument = ARGUMENT_TEXT,
		.is_known = true,
		.words = "has the flag %s",
		.negated = "does not have the flag %s",
		.help = "what the programme notes of a member: flag(cardholder)",
		.value = "EXISTS (SELECT FROM unnest(m.flags) f WHERE loyalty.fold(f) = loyalty.fold(%1))"},
	{.name = "number",
		.type = ATTRIBUTE_COUNT,
		.words = "the member number",
		.help = "number in (1000001, 1000002)",
		.value = "m.number",
		.is_known = true},
	{.name = "open_case",
		.type = ATTRIBUTE_IS,
		.is_known = true,
		.words = "has an open case",
		.negated = "has no open case",
		.help = "a case that is being worked on",
		.value = "EXISTS (SELECT FROM loyalty.member_case c WHERE c.member_id = m.member_id "
			 "AND c.is_working)"},
	{.name = "consent",
		.type = ATTRIBUTE_IS,
		.argument = ARGUMENT_CHOICE,
		.argument_choices = MATTERS,
		.words = "consents to %s",
		.negated = "does not consent to %s",
		.help = "consent(promotions:email)",
		.join = "SELECT DISTINCT ON (c.member_id) c.member_id, c.is_given AND coalesce(c.until_on, 'infinity') >= %T AS value FROM "
			"loyalty.member_consent c "
			"WHERE c.kind = split_part(%1, ':', 1)::loyalty.consent_kind AND c.channel = "
			"coalesce(nullif(split_part(%1, ':', 2), ''), 'none')::loyalty.consent_channel AND "
			"%M "
			"ORDER BY c.member_id, c.said_at DESC",
		.value = "%A.value"},
	{.name = "verified",
		.type = ATTRIBUTE_IS,
		.argument = ARGUMENT_NAME,
		.argument_names = NAME_VERIFIED,
		.is_known = true,
		.words = "is verified as %s",
		.negated = "is not verified as %s",
		.help = "verified(student)",
		.value = "EXISTS (SELECT FROM loyalty.member_verification v WHERE v.member_id = m.member_id "
			 "AND "
			 "v.segment_id = %1 AND v.ended_on IS NULL AND coalesce(v.until_on, 'infinity') > "
			 "%T)"},
	{.name = "household",
		.type = ATTRIBUTE_IS,
		.is_known = true,
		.words = "belongs to a household",
		.negated = "belongs to no household",
		.help = "whether there is one",
		.join = "SELECT h.member_id, h.role AS value FROM loyalty.household_member h WHERE %M",
		.value = "%A.value IS NOT NULL"},
	{.name = "household_role",
		.type = ATTRIBUTE_CHOICE,
		.choices = ROLES,
		.words = "the role in the household",
		.help = "household_role = head",
		.join = "SELECT h.member_id, h.role AS value FROM loyalty.household_member h WHERE %M",
		.value = "%A.value"},
	{.name = "has_reward",
		.type = ATTRIBUTE_IS,
		.argument = ARGUMENT_NAME,
		.argument_names = NAME_REWARD,
		.is_known = true,
		.words = "holds the reward %s",
		.negated = "does not hold the reward %s",
		.help = "issued and neither used nor expired: has_reward(brew100)",
		.value =
			"EXISTS (SELECT FROM loyalty.issued_reward i WHERE i.member_id = m.member_id AND "
			"i.reward_id = %1 "
			"AND i.state IN ('issued', 'reserved') AND coalesce(i.expires_on, 'infinity') > %T)"},
	{.name = "plan",
		.type = ATTRIBUTE_IS,
		.argument = ARGUMENT_NAME,
		.argument_names = NAME_PLAN,
		.words = "has the plan %s",
		.negated = "does not have the plan %s",
		.help = "paid for and running: plan(prime)",
		.join = "SELECT DISTINCT ON (c.member_id) c.member_id, c.amount_minor >= 0 AND (%R = 0 OR "
			"c.charged_on + make_interval(months => %R) > %T) AS value FROM loyalty.plan_charge "
			"c "
			"WHERE c.plan = %1 AND %M ORDER BY c.member_id, c.charge_no DESC",
		.value = "%A.value"},
	{.name = "attribute",
		.type = ATTRIBUTE_TEXT,
		.argument = ARGUMENT_NAME,
		.argument_names = NAME_ATTRIBUTE,
		.words = "the attribute %s",
		.help = "what the house declared itself: attribute(shoe_size) >= 42",
		.join = OF_DECLARED("folded"),
		.value = "coalesce(%A.value, '')"},
	{.name = "segment",
		.type = ATTRIBUTE_SEGMENT,
		.argument = ARGUMENT_NAME,
		.argument_names = NAME_SEGMENT,
		.words = "is in the segment %s",
		.help = "a condition saved under a name: segment(lapsed)"},
	{.name = NULL},
};

static const struct attribute DECLARED[DECLARED_TYPES] = {
	[DECLARED_NUMBER] = {.name = "attribute",
		.type = ATTRIBUTE_POINTS,
		.argument = ARGUMENT_NAME,
		.argument_names = NAME_ATTRIBUTE,
		.words = "the attribute %s",
		.join = OF_DECLARED("number"),
		.value = "%A.value"},
	[DECLARED_DATE] = {.name = "attribute",
		.type = ATTRIBUTE_DAY,
		.argument = ARGUMENT_NAME,
		.argument_names = NAME_ATTRIBUTE,
		.words = "the attribute %s",
		.join = OF_DECLARED("day"),
		.value = "%A.value"},
	[DECLARED_CHOICE] = {.name = "attribute",
		.type = ATTRIBUTE_CHOICE,
		.argument = ARGUMENT_NAME,
		.argument_names = NAME_ATTRIBUTE,
		.words = "the attribute %s",
		.join = OF_DECLARED("value"),
		.value = "%A.value"},
	[DECLARED_YES_NO] = {.name = "attribute",
		.type = ATTRIBUTE_IS,
		.argument = ARGUMENT_NAME,
		.argument_names = NAME_ATTRIBUTE,
		.words = "the attribute %s is yes",
		.negated = "the attribute %s is not yes",
		.join = OF_DECLARED("value"),
		.value = "%A.value = 'yes'"},
};

const struct attribute *attribute_declared(int type)
{
	if (type > DECLARED_TEXT && type < DECLARED_TYPES)
		return &DECLARED[type];
	return attribute_find("attribute", strlen("attribute"), true);
}

static const char *const KIND_WORDS[NAME_KINDS] = {
	[NAME_LADDER] = "ladder",
	[NAME_TIER] = "tier",
	[NAME_CURRENCY] = "currency",
	[NAME_REWARD] = "reward",
	[NAME_VERIFIED] = "verified segment",
	[NAME_PLAN] = "plan",
	[NAME_ATTRIBUTE] = "attribute",
	[NAME_CHOICE] = "choice",
	[NAME_SEGMENT] = "saved segment",
};

const char *name_kind_word(enum name_kind kind)
{
	return KIND_WORDS[kind] ? KIND_WORDS[kind] : "name";
}

const struct attribute *attribute_find(const char *name, size_t length, bool has_argument)
{
	const struct attribute *other = NULL;
	for (const struct attribute *a = ATTRIBUTES; a->name; a++) {
		if (strlen(a->name) != length || strncasecmp(a->name, name, length) != 0)
			continue;
		if ((a->argument != ARGUMENT_NONE) == has_argument)
			return a;
		other = a;
	}
	return other;
}
