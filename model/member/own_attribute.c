// Attributes that the house declared itself: what members have of them, and the declarations.
#include "model/member/own_attribute.h"

void own_attribute_list(struct ask *ask, int64_t member_id, const struct page *page)
{
	ask_init(ask, "SELECT a.place, a.code, a.name, a.type, a.decimals, a.choices, a.is_personal, a.value, a.since, coalesce(s.name, a.by_login) "
		      "FROM loyalty.member_about($1) WITH ORDINALITY a (code, name, type, decimals, choices, is_personal, value, since, by_login, place) "
		      "LEFT JOIN loyalty.staff s ON s.login = a.by_login "
		      "WHERE CASE $2 WHEN 'after' THEN a.place > $3::int WHEN 'before' THEN a.place < $3::int "
		      "WHEN 'from' THEN a.place >= $3::int ELSE $4::int > 0 END ORDER BY a.place");
	ask_number(ask, member_id);
	page_ask(ask, page);
}

void own_attribute_read(const struct result *result, int row, struct own_attribute *attribute)
{
	*attribute = (struct own_attribute){.key = result_text(result, row, 0),
		.code = result_text(result, row, 1),
		.name = result_text(result, row, 2),
		.type = result_text(result, row, 3),
		.decimals = (int)result_int64(result, row, 4),
		.choices = result_text(result, row, 5),
		.is_personal = result_bool(result, row, 6),
		.value = result_text(result, row, 7),
		.since = result_text(result, row, 8),
		.person = result_text(result, row, 9)};
}

void own_attribute_declare(struct ask *ask, const struct own_declaration *declaration)
{
	ask_init(ask, "SELECT loyalty.attribute_declare($1, $2, $3, $4::int, string_to_array($5, ','), $6::boolean, "
		      "string_to_array(replace($7, ' ', ''), ','))");
	ask_text(ask, declaration->code);
	ask_text(ask, declaration->type);
	ask_text(ask, declaration->name);
	ask_text(ask, declaration->decimals);
	ask_text(ask, declaration->choices);
	ask_text(ask, declaration->is_personal);
	ask_text(ask, declaration->seen_by);
}

void own_attribute_drop(struct ask *ask, const char *code)
{
	ask_init(ask, "SELECT loyalty.attribute_drop($1)");
	ask_text(ask, code);
}

void own_attribute_declared(struct ask *ask)
{
	ask_init(ask, "SELECT a.code AS attribute, a.name, a.type, nullif(a.decimals, 0) AS decimals, array_to_string(a.choices, ', ') AS choices, "
		      "CASE WHEN a.is_personal THEN 'yes' ELSE 'no' END AS personal, array_to_string(a.seen_by, ' ') AS seen_by, a.declared_by, a.declared_at::date AS declared "
		      "FROM loyalty.attribute a WHERE loyalty.attribute_seen(a.seen_by) ORDER BY a.attribute_id");
}
