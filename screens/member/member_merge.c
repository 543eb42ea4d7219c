// Two memberships of one person: this member goes into another one, or, merged, is parted from it again.
#include "screens/member/member.h"

#include "model/member/merge.h"
#include "screens/ui/dialog.h"
#include "screens/ui/form.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_SIZE = 4000 };

bool member_is_merged(const struct member *m)
{
	return m->has_situation && m->situation.merged_into;
}

static bool wish_send(struct member *m, const char *target)
{
	struct ask ask;

	if (!desk_key(m->screen, m->deed.key))
		return false;
	merge_submit(&ask, &(struct merge_wish){.key = m->deed.key,
				   .source_id = m->member_id,
				   .target = target,
				   .reason = m->reason});
	return member_deed_send(m, &ask);
}

// --- Parting.

static void part(struct screen *s, void *payload)
{
	struct member *m = payload;

	(void)s;
	m->deed = (struct deed){.kind = DEED_MERGE};
	m->reason[0] = 0;
	snprintf(m->deed.what, sizeof m->deed.what, "parted from %lld", (long long)m->situation.merged_into);
	wish_send(m, NULL);
}

static void ask_part(struct member *m)
{
	char text[500];

	snprintf(text, sizeof text,
		"Number, cards and the rest lead here again. Of the points that went to %lld, what is still there comes back "
		"with its dates; what was spent there stays spent.",
		(long long)m->situation.merged_into);
	dialog_confirm(m->screen, &(struct question){.title = "Part the members again?", .text = text, .yes = "Part"}, part, m);
}

// --- Merging.

static bool ask_preview(struct screen *s, struct form *f, void *payload)
{
	struct member *m = payload;
	struct ask ask;

	snprintf(m->receipt, sizeof m->receipt, "%s", form_value(f, "other"));
	snprintf(m->reason, sizeof m->reason, "%s", form_value(f, "reason"));
	merge_preview_of(&ask, m->member_id, form_value(f, "other"));
	if (desk_send(s, &(struct desk_request){.tag = TAG_MERGE, .what = "looking what moves", .asks = {&ask}}))
		m->deed.form = form_wait(f);
	return false;
}

void member_merge(struct member *m)
{
	static const struct form_field fields[] = {
		{"other", "Goes into", FIELD_TEXT, .max = 40, .required = true,
			.help = "Number or card of the member who stays; what moves is shown before it does"},
		{"reason", "Reason", FIELD_TEXT, .max = 190, .help = "Stands in the timeline"},
	};
	static const struct form_spec spec = {
		.title = "Merge this member into another one",
		.fields = fields,
		.count = sizeof fields / sizeof fields[0],
		.save = "Preview",
		.saved = ask_preview,
	};

	if (member_is_merged(m)) {
		ask_part(m);
		return;
	}
	m->deed = (struct deed){.kind = DEED_MERGE};
	form_open(m->screen, &spec, NULL, m);
}

static void merge_now(struct screen *s, void *payload)
{
	struct member *m = payload;

	form_saved(s->ui, m->deed.form);
	snprintf(m->deed.what, sizeof m->deed.what, "merged into %.80s", m->receipt);
	wish_send(m, m->receipt);
}

void member_merge_previewed(struct member *m, const struct answer *answer)
{
	struct ui *ui = m->screen->ui;
	char text[TEXT_SIZE] = "";

	if (!desk_good(m->screen, answer, "looking what moves")) {
		form_refused(ui, m->deed.form, NULL, desk_reason(answer->error));
		return;
	}
	if (!screen_find(ui, m->deed.form))
		return; // closed meanwhile
	const struct result *result = answer->results[0];
	form_refused(ui, m->deed.form, *merge_trouble(result) ? "other" : NULL, merge_trouble(result));
	if (*merge_trouble(result))
		return;
	for (int row = 0; row < result_rows(result); row++) {
		struct merge_line line;
		size_t length = strlen(text);
		merge_line_read(result, row, &line);
		snprintf(text + length, sizeof text - length, "%s%s: %s; %s", length ? "\n" : "", line.what, line.has, line.becomes);
	}
	dialog_confirm(m->screen, &(struct question){.title = "Merge the members?", .text = text, .yes = "Merge"}, merge_now, m);
}
