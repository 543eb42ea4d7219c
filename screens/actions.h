// What can be done on the business screens, beside the toolkit's own actions.
#ifndef SCREENS_ACTIONS_H
#define SCREENS_ACTIONS_H
#include "screens/ui/action.h"

// What a role may do; known only once the facts are, until then everything may be tried.
enum {
	DESK_MAY_SERVE = 1,  // look members up, do something for them, work on cases
	DESK_MAY_DECIDE = 2, // approvals, failed events
	DESK_MAY_DRAFT = 4,  // write rules of the programme, and what hangs on them
	DESK_MAY_LOOK = 8,   // open a member that something leads to; alone, without contact data
};

// Symbol, name, default keys, label in the key bar (NULL: not there), group in help, flags, help. A key may mean different
// things on different screens, never two on one. SERVE, DECIDE, DRAFT: for whom it is, by the rights above.
#define DESK_ACTIONS(X) \
	X(GO_MEMBERS, "members", "E", NULL, "Places", SERVE, "Find members") \
	X(GO_CASES, "cases", "C F7", "cases", "Places", SERVE, "Cases: who waits for an answer") \
	X(GO_APPROVALS, "approvals", "A F8", "approvals", "Places", 0, "What waits for a second person") \
	X(GO_HEALTH, "health", "H F11", "health", "Places", 0, "Workers, backlog and the proof of the ledger") \
	X(GO_TIERS, "tiers", "T", "tiers", "Places", 0, "Tiers: the rules of the ladders and what a change of them means") \
	X(GO_REWARDS, "rewards", "V", NULL, "Places", 0, "Rewards: the catalogue, its stock, whose a code is") \
	X(GO_SEGMENTS, "segments", "L", NULL, "Places", 0, "Segments: conditions that say which members are meant") \
	X(GO_SURVEYS, "surveys", "O", NULL, "Places", DECIDE | DRAFT, "Surveys: what members say, and how sure that is") \
	X(GO_INSIGHTS, "figures", "F", NULL, "Places", DECIDE, "Figures: retention, lifetime value, breakage and the rest") \
	X(PIN_BASELINE, "pin", "p", "pin", "Figures", DECIDE, "Keep the figures as they are under a name, to compare with from now on") \
	X(SHOW_GRID, "grid", "x", "grid", "Figures", DECIDE, "Customers by recency and frequency") \
	X(SHOW_COHORTS, "cohorts", "b", "by month", "Figures", DECIDE, "What became of the points of each month of issue: breakage by month") \
	X(SET_FIGURES, "set-figures", "s", "set", "Figures", DECIDE, "Say what no ledger knows: margin, years, interest, a point's cost, all sales of a month") \
	X(RECOMPUTE, "recompute", "R", NULL, "Figures", DECIDE, "Let a worker count all figures anew") \
	X(SURVEY, "survey", "v", "survey", "Surveys", 0, "Show another survey") \
	X(GRAIN, "by-time", "b", "by time", "Surveys", 0, "By week, month or quarter") \
	X(DIMENSION, "by-part", "d", "by part", "Surveys", 0, "By tier, channel, region, segment, campaign or tag") \
	X(INVITE, "invite", "i", "invite", "Surveys", DECIDE | DRAFT, "Invite a wave by mail: whom, how many of them, counted beforehand") \
	X(TAG_ANSWER, "tag-answer", "t", "tag", "Surveys", ACTION_NEEDS_ROW | SERVE, "Say what the selected answer is about; again: it is not") \
	X(PHRASES, "phrases", "w", "phrases", "Surveys", SERVE, "What is said among these answers more often than among others") \
	X(GO_CAMPAIGNS, "campaigns", "P", "campaigns", "Places", 0, "Campaigns: surprise rewards, their chances and budgets") \
	X(NEW_SEGMENT, "new-segment", "c", "new", "Segments", 0, "Try a new condition, and perhaps save it") \
	X(DROP_SEGMENT, "drop-segment", "D", NULL, "Segments", ACTION_NEEDS_ROW | ACTION_DANGER | DRAFT, "Take the selected segment away") \
	X(FIND_CODE, "find-code", "o", "whose code", "Rewards", SERVE, "Open the member who has a code") \
	X(SET_STOCK, "set-stock", "s", "stock", "Rewards", ACTION_NEEDS_ROW | DRAFT | DECIDE, "Say how many of the selected reward there may be") \
	X(GO_INBOX, "inbox", "B", NULL, "Places", SERVE, "Inbox: what you were told of cases") \
	X(GO_FIGURES, "work-figures", "Y", NULL, "Places", DECIDE, "Work figures: waiting times, broken promises, what was saved") \
	X(GO_AUDIT, "audit", "#", NULL, "Places", DECIDE, "Audit: who did what to whom, who read personal data") \
	X(GO_SETTINGS, "settings", ",", NULL, "Places", DECIDE, "Settings of the desk: hours, groups, promises, texts, macros, checklists, queues") \
	X(NEW_SETTING, "new-setting", "c", "new", "Settings", DECIDE, "Make a new one of what is shown") \
	X(SWITCH_SETTING, "switch-setting", "x", "off or on", "Settings", ACTION_NEEDS_ROW | DECIDE, "Switch the selected one off, or on again") \
	X(READ_ALL, "read-all", "a", "all read", "Inbox", 0, "Mark everything as read") \
	X(CHECK_LOG, "check-log", "c", "check", "Audit", 0, "Prove that no line of the log is missing or was changed") \
	X(MANY, "change-many", "b", "many", "Cases", 0, "Change the marked cases, or all of this queue; u takes it back") \
	X(TAKE_NEXT, "take-next", "n", "next", "Cases", ACTION_OVERRIDES, "Take the case that is due first and open it") \
	X(TAKE, "take", "t", "take", "Cases", ACTION_NEEDS_ROW, "Take this case") \
	X(ASSIGN, "assign", "a", "assign", "Cases", ACTION_NEEDS_ROW, "Give this case to someone") \
	X(SAVE_QUEUE, "save-queue", "s", NULL, "Cases", 0, "Save the filter as a queue of your own") \
	X(DROP_QUEUE, "drop-queue", "D", NULL, "Cases", 0, "Take this queue of yours away") \
	X(ANSWER, "answer", "e", "answer", "Cases", 0, "Write to the member") \
	X(NOTE, "note", "i", "note", "Cases", 0, "Write an internal note, which the member never sees") \
	X(HEARD, "heard", "I", NULL, "Cases", 0, "Write down what the member said") \
	X(WAIT_MEMBER, "wait", "w", "wait", "Cases", 0, "Wait for the member's answer") \
	X(RESOLVE, "resolve", "R", "resolve", "Cases", 0, "Resolve the case with its cause and outcome") \
	X(REOPEN, "reopen", "o", NULL, "Cases", 0, "Open the case again") \
	X(EDIT_CASE, "edit-case", "d", "details", "Cases", 0, "Change title, priority, group and tags") \
	X(WAIT_UNTIL, "wait-until", "W", NULL, "Cases", 0, "Wait until a date; the case comes back by itself") \
	X(MACRO, "macro", "x", "macro", "Cases", 0, "Run a macro: a text to the member and steps") \
	X(MACRO_NEXT, "macro-next", "X", NULL, "Cases", 0, "Run a macro, then take the next case") \
	X(CANNED, "canned-text", "z", NULL, "Cases", 0, "Answer with a canned text, to be changed before it is sent") \
	X(CHECKLIST, "checklist", "c", NULL, "Cases", 0, "What is to be done before it is resolved; tick it off") \
	X(RELATE, "relate", "=", NULL, "Cases", 0, "Merge, split, link, or take out again") \
	X(FOLLOW, "follow", "+", NULL, "Cases", 0, "Be told of what happens here, or no more") \
	X(CASE_MEMBER, "open-member", "m", "member", "Cases", ACTION_NEEDS_ROW, "Open the member of this case") \
	X(CASE_HISTORY, "history", "v", NULL, "Cases", 0, "Who did what in this case") \
	X(NEW_CASE, "new-case", "c", "new case", "Cases", SERVE, "Open a case for this member") \
	X(GOODWILL, "goodwill", "p", "goodwill", "Points", SERVE, "Give points as goodwill") \
	X(REVERSE, "reverse", "x", "reverse", "Points", ACTION_NEEDS_ROW | SERVE, "Take this event back, or cancel this reward") \
	X(UNDO, "undo", "u", NULL, "Points", SERVE | DRAFT, "Take back what you did last here") \
	X(REDEEM, "redeem", "d", "redeem", "Points", SERVE, "Redeem a reward for the member") \
	X(SEND_POINTS, "send-points", "t", "send", "Points", SERVE, "Send points to another member") \
	X(USE_REWARD, "use-reward", "s", "use", "Points", ACTION_NEEDS_ROW | SERVE, "Use the selected reward, wholly or in part") \
	X(RESERVE_REWARD, "reserve-reward", "v", NULL, "Points", ACTION_NEEDS_ROW | SERVE, "Reserve the selected reward, or release it") \
	X(VERIFY, "verify", "i", NULL, "Members", SERVE, "Verify the member as one of a segment, or end that") \
	X(HOUSEHOLD, "household", "o", NULL, "Members", SERVE, "The member's household: its points, and who belongs to it") \
	X(MERGE, "merge", "m", NULL, "Members", SERVE, "Merge this member into another one, or part it again") \
	X(EDIT_MEMBER, "edit-member", "e", NULL, "Members", SERVE, "Change what the member is called and reached by") \
	X(BLOCK_MEMBER, "block-member", "!", NULL, "Members", SERVE, "Block the member, who then spends nothing, or unblock") \
	X(MEMBER_NOTE, "member-note", "+", NULL, "Members", SERVE, "Write a note about the member, who never sees it") \
	X(CLAIM, "claim", "b", NULL, "Points", SERVE, "Give the member a purchase that came in for nobody") \
	X(ERASE_MEMBER, "erase-member", "X", NULL, "Members", ACTION_DANGER | DECIDE, "Erase who the member is, for good") \
	X(AS_OF, "as-of", "@", NULL, "Members", SERVE, "Show the member as of a past day") \
	X(CONSENTS, "consents", "a", NULL, "Members", 0, "What the member consents to") \
	X(CHANGE_CONSENT, "change-consent", "Enter Space", "give or withdraw", "Members", ACTION_OVERRIDES | ACTION_NEEDS_ROW | SERVE, \
		"Give the selected consent, or withdraw it") \
	X(WHY, "why", "w", "why", "Points", ACTION_NEEDS_ROW | SERVE, "Why this many points") \
	X(CORRECT, "correct", "f", "put right", "Points", ACTION_OVERRIDES | SERVE, "Put right what the event did: take it back, give goodwill, open a case") \
	X(EXPORT, "export", "o", NULL, "Program", DRAFT | DECIDE, "Write what is shown into a file") \
	X(LIST_MEMBERS, "list-members", "m", "members", "Segments", ACTION_NEEDS_ROW, "List the members that the condition means") \
	X(ENROL, "enrol", "e", "enrol", "Members", SERVE, "Enrol a new member") \
	X(APPROVE, "approve", "a", "approve", "Approvals", ACTION_NEEDS_ROW | DECIDE, "Approve what was asked for") \
	X(REFUSE, "refuse", "x", "refuse", "Approvals", ACTION_NEEDS_ROW | DECIDE, "Refuse what was asked for") \
	X(EVENT_RETRY, "retry", "t", "retry", "Health", ACTION_NEEDS_ROW | DECIDE, "Post the failed event again") \
	X(EVENT_CANCEL, "cancel-event", "x", "cancel", "Health", ACTION_NEEDS_ROW | ACTION_DANGER | DECIDE, "Give the failed event up") \
	X(EDIT_CELL, "edit-cell", "Enter Space", "edit", "Tiers", ACTION_OVERRIDES | DRAFT, "Change the setting under the cursor") \
	X(INSERT_TIER, "insert-tier", "i Insert", "insert", "Tiers", DRAFT, "Insert a tier above the one under the cursor") \
	X(REMOVE_TIER, "remove-tier", "D", NULL, "Tiers", ACTION_DANGER | DRAFT, "Take out the tier under the cursor, or the benefit") \
	X(ADD_BENEFIT, "add-benefit", "b", NULL, "Tiers", DRAFT, "A new benefit for the tier under the cursor and all above it") \
	X(DATE_THRESHOLD, "threshold-from", "d", "by date", "Tiers", DRAFT, "Thresholds with a date: windows that run keep theirs") \
	X(REDO, "redo", "U", NULL, "Tiers", DRAFT, "Do again what was undone") \
	X(SAVE_DRAFT, "save-draft", "s", "save", "Tiers", DRAFT, "Save as a draft, a version that is not in force") \
	X(SUBMIT, "submit", "S", "submit", "Tiers", DRAFT, "Submit the version for approval, with its first day") \
	X(DROP_DRAFT, "drop-draft", "X", NULL, "Tiers", ACTION_DANGER | DRAFT, "Take the draft that is shown out for good") \
	X(NEW_CAMPAIGN, "new-campaign", "n", "new", "Campaigns", ACTION_OVERRIDES | DRAFT, "Begin a campaign from a template") \
	X(COPY_CAMPAIGN, "copy-campaign", "c", "copy", "Campaigns", ACTION_NEEDS_ROW | DRAFT, "Begin a campaign as a copy of the selected one") \
	X(ADD_PRIZE, "add-prize", "i Insert", "prize", "Campaigns", DRAFT, "Add a prize") \
	X(REMOVE_PRIZE, "remove-prize", "D", NULL, "Campaigns", ACTION_DANGER | DRAFT, "Take out the prize under the cursor") \
	X(SUBMIT_CAMPAIGN, "submit-campaign", "S", "submit", "Campaigns", DRAFT, "Submit the campaign for approval") \
	X(PAUSE, "pause", "p", "pause", "Campaigns", DRAFT | DECIDE, "Pause the campaign, or let it go on") \
	X(CALL_CAMPAIGN, "trigger", "t", NULL, "Campaigns", DRAFT | DECIDE, "Trigger a campaign that is triggered by hand") \
	X(STOP_CAMPAIGN, "stop-campaign", "X", NULL, "Campaigns", ACTION_DANGER | DRAFT | DECIDE, "Stop the campaign at once and for good") \
	X(DRY_RUN, "dry-run", "w", "dry run", "Campaigns", DRAFT | DECIDE, "Try the campaign on all members; nothing is written") \
	X(RESULT_DAYS, "result-days", "d", NULL, "Campaigns", DRAFT | DECIDE, "How many days after a member's first turn the results look at") \
	X(COMPARE, "compare", "c", "compare", "Tiers", 0, "Set another version beside this one") \
	X(VERSION, "version", "v", "version", "Tiers", 0, "Show another version") \
	X(WHAT_IF, "what-if", "w", "what if", "Tiers", DRAFT | DECIDE, "Try the rules on all members; again: back to the words") \
	X(LARGEST, "largest", "W", NULL, "Tiers", DRAFT | DECIDE, "The twenty members that would change most") \
	X(SHOW_ALL, "show-all", "f", "all or differences", "Tiers", ACTION_OVERRIDES, "Show all settings of the ladders, or only what differs")

enum desk_action {
	DESK_ACTION_BEFORE = ACTION_OWN - 1,
#define DESK_ACTION(symbol, ...) ACTION_##symbol,
	DESK_ACTIONS(DESK_ACTION)
#undef DESK_ACTION
	DESK_ACTION_END
};

// For actions_add().
extern const struct action_info desk_actions[];
enum { DESK_ACTION_COUNT = DESK_ACTION_END - ACTION_OWN };
#endif
