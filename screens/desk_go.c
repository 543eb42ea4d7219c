// From one business screen to another, the list of them all, and what several of them ask.
#include "screens/desk.h"
#include "screens/insights/insights_state.h"
#include "screens/member/member.h"
#include <stdio.h>
#include <string.h>

const struct screen_ops *const desk_screens[] = {&members_screen, &audience_screen, &member_screen, &why_screen, &message_screen, &consents_screen,
	&cases_screen, &case_screen, &inbox_screen, &approvals_screen, &settings_screen, &work_figures_screen, &audit_screen, &health_screen, &tiers_screen,
	&version_screen, &compare_screen, &largest_screen, &rewards_screen, &segments_screen, &segment_screen, &surveys_screen, &campaigns_screen,
	&campaign_screen, &insights_screen, &insight_members_screen, &insight_grid_screen, &insight_cohorts_screen, NULL};

void desk_go(struct ui *ui, const struct screen_ops *ops)
{
	struct screen *open = ui->top;
	while (open && open->ops != ops)
		open = open->below;
	if (!open) {
		screen_open(ui, ops, NULL);
		return;
	}
	while (ui->top != open) {
		const struct screen *before = ui->top;
		screen_close_asking(ui->top);
		if (ui->top == before || ui->top->below == before)
			return; // it asks first
	}
}

enum did desk_act(struct screen *s, int action)
{
	switch (action) {
	case ACTION_GO_MEMBERS:
		desk_go(s->ui, &members_screen);
		return DID;
	case ACTION_GO_CASES:
		desk_go(s->ui, &cases_screen);
		return DID;
	case ACTION_GO_APPROVALS:
		desk_go(s->ui, &approvals_screen);
		return DID;
	case ACTION_GO_HEALTH:
		desk_go(s->ui, &health_screen);
		return DID;
	case ACTION_GO_TIERS:
		desk_go(s->ui, &tiers_screen);
		return DID;
	case ACTION_GO_CAMPAIGNS:
		desk_go(s->ui, &campaigns_screen);
		return DID;
	case ACTION_GO_SEGMENTS:
		desk_go(s->ui, &segments_screen);
		return DID;
	case ACTION_GO_INBOX:
		desk_go(s->ui, &inbox_screen);
		return DID;
	case ACTION_GO_FIGURES:
		desk_go(s->ui, &work_figures_screen);
		return DID;
	case ACTION_GO_AUDIT:
		desk_go(s->ui, &audit_screen);
		return DID;
	case ACTION_GO_SETTINGS:
		desk_go(s->ui, &settings_screen);
		return DID;
	case ACTION_GO_REWARDS:
		desk_go(s->ui, &rewards_screen);
		return DID;
	case ACTION_GO_INSIGHTS:
		desk_go(s->ui, &insights_screen);
		return DID;
	case ACTION_GO_SURVEYS:
		desk_go(s->ui, &surveys_screen);
		return DID;
	default:
		return NOT_MINE;
	}
}

void desk_choose_staff(struct screen *s, dialog_chosen *chosen)
{
	enum { MOST = 63, LINE = 160 };
	const struct fact_list *staff = &desk_facts(s)->list[FACT_STAFF];
	static char lines[MOST][LINE]; // copied by the dialog
	const char *choices[MOST + 1] = {"nobody: back into the queue"};
	int count = 1, start = 0;
	for (int i = 0; i < staff->count && count <= MOST; i++, count++) {
		snprintf(lines[i], LINE, "%s  %s, %s", staff->at[i].code, staff->at[i].name,
			staff->at[i].kind);
		choices[count] = lines[i];
		if (!start && strcmp(staff->at[i].code, desk_facts(s)->login) == 0)
			start = count;
	}
	dialog_choose(s, "Give this case to", choices, count, start, chosen, NULL);
}

int desk_rulebook_ask(struct desk *desk, struct ask asks[RULEBOOK_STATEMENTS], const struct ask **list)
{
	if (desk->rulebook_state == RULEBOOK_CURRENT)
		return 0;
	desk->rulebook_state = RULEBOOK_ASKED;
	rulebook_ask(asks);
	for (int i = 0; i < RULEBOOK_STATEMENTS; i++)
		list[i] = &asks[i];
	return RULEBOOK_STATEMENTS;
}

// Approved while the answer was on its way, a version may be missing from it: the state is then OLD again.
bool desk_rulebook_take(struct desk *desk, struct result *const *results, struct error *error)
{
	struct rulebook *rulebook = rulebook_read(results, error);
	if (!rulebook)
		return false;
	rulebook->older = desk->rulebook;
	desk->rulebook = rulebook;
	if (desk->rulebook_state == RULEBOOK_ASKED)
		desk->rulebook_state = RULEBOOK_CURRENT;
	return true;
}
