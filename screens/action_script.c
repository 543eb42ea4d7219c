// The table of verbs beside the table of actions.
#include "screens/action_script.h"

#define AT(symbol) [ACTION_##symbol - ACTION_OWN]
#define SHOWS(what) {.verb = what}
#define LOOKS(why) {.no_verb = why} // changes nothing but what is on the screen
#define DOES(what, by) {.verb = what, .back = by}
#define FINAL(what, why) {.verb = what, .no_back = why}
#define TYPES(why, by) {.no_verb = why, .back = by} // changes what has not been saved

#define OF_THE_TEXT "the document is a file there, written with any editor: programme load"
#define OF_THE_FILE "the campaign is a file there, written with any editor: campaign load"
#define OF_THE_VIEW "a choice of what the screen shows: an option or operand of the verb that prints it"

// clang-format off
const struct action_script desk_scripts[DESK_ACTION_COUNT] = {
	AT(GO_MEMBERS) = SHOWS("member find"),
	AT(GO_CASES) = SHOWS("case list"),
	AT(GO_APPROVALS) = SHOWS("approval list"),
	AT(GO_HEALTH) = SHOWS("event failed|verify"),
	AT(GO_TIERS) = SHOWS("programme show"),
	AT(GO_REWARDS) = SHOWS("reward list"),
	AT(GO_SEGMENTS) = SHOWS("segment list"),
	AT(GO_SURVEYS) = SHOWS("report nps"),
	AT(GO_INSIGHTS) = SHOWS("insight list"),
	AT(GO_CAMPAIGNS) = SHOWS("campaign list"),
	AT(GO_INBOX) = SHOWS("case inbox"),
	AT(GO_FIGURES) = SHOWS("desk figures"),
	AT(GO_AUDIT) = SHOWS("audit list"),
	AT(GO_SETTINGS) = SHOWS("desk settings"),

	AT(PIN_BASELINE) = FINAL("insight pin", "a baseline stands under its name; pinned again under that name it is replaced"),
	AT(SHOW_GRID) = LOOKS(OF_THE_VIEW),
	AT(SHOW_COHORTS) = SHOWS("insight show"),
	AT(SET_FIGURES) = DOES("insight set|insight sales", "set-figures"),
	AT(RECOMPUTE) = FINAL("insight recompute", "the same figures, counted anew"),
	AT(SURVEY) = SHOWS("report nps"),
	AT(GRAIN) = SHOWS("report nps"),
	AT(DIMENSION) = SHOWS("report nps"),
	AT(INVITE) = FINAL("survey invite", "who was written to has read it, perhaps"),
	AT(TAG_ANSWER) = DOES("survey tag", "tag-answer"),
	AT(PHRASES) = SHOWS("survey phrases"),

	AT(NEW_SEGMENT) = DOES("segment save", "drop-segment"),
	AT(DROP_SEGMENT) = DOES("segment drop", "segment save"),
	AT(LIST_MEMBERS) = SHOWS("segment list"),
	AT(EXPORT) = FINAL("export members", "a file of one's own"),
	AT(FIND_CODE) = SHOWS("reward show"),
	AT(SET_STOCK) = DOES("reward stock", "set-stock"),

	AT(NEW_SETTING) = DOES("desk group|desk calendar|desk promise|desk text|desk macro|desk checklist|case queue", "undo"),
	AT(SWITCH_SETTING) = DOES("desk off|desk on", "undo"),
	AT(READ_ALL) = FINAL("case read", "it was seen"),
	AT(CHECK_LOG) = SHOWS("audit check"),

	AT(MANY) = DOES("case all", "undo"),
	AT(TAKE_NEXT) = DOES("case next", "assign"),
	AT(TAKE) = DOES("case set", "assign"),
	AT(ASSIGN) = DOES("case set", "assign"),
	AT(SAVE_QUEUE) = DOES("case queue", "drop-queue"),
	AT(DROP_QUEUE) = DOES("case unqueue", "save-queue"),
	AT(ANSWER) = FINAL("case answer", "the member has read it, perhaps"),
	AT(NOTE) = FINAL("case note", "what was said stays: another note puts it right"),
	AT(HEARD) = FINAL("case heard", "what was said stays: another note puts it right"),
	AT(WAIT_MEMBER) = DOES("case set", "reopen"),
	AT(WAIT_UNTIL) = DOES("case set", "reopen"),
	AT(RESOLVE) = DOES("case resolve", "reopen"),
	AT(REOPEN) = DOES("case set", "resolve"),
	AT(EDIT_CASE) = DOES("case edit", "edit-case"),
	AT(MACRO) = FINAL("case macro", "its text has gone to the member; its steps are taken back one by one"),
	AT(MACRO_NEXT) = FINAL("case macro|case next", "its text has gone to the member; its steps are taken back one by one"),
	AT(CANNED) = SHOWS("case texts"),
	AT(CHECKLIST) = DOES("case checklist|case tick", "checklist"),
	AT(RELATE) = DOES("case merge|case unmerge|case split|case link|case unlink", "relate"),
	AT(FOLLOW) = DOES("case follow|case unfollow", "follow"),
	AT(CASE_MEMBER) = SHOWS("member"),
	AT(CASE_HISTORY) = SHOWS("case history"),
	AT(NEW_CASE) = DOES("case open", "resolve"),

	AT(GOODWILL) = DOES("submit", "undo"),
	AT(REVERSE) = FINAL("submit|reward cancel", "what was taken back is given again as goodwill"),
	AT(UNDO) = FINAL("submit|case undo|desk on", "it is done again the way it was done"),
	AT(REDEEM) = DOES("submit", "reverse"),
	AT(SEND_POINTS) = FINAL("submit", "they are the other member's; only that one can send them back"),
	AT(USE_REWARD) = FINAL("reward use", "what was bought with it has left the shop"),
	AT(RESERVE_REWARD) = DOES("reward reserve|reward release", "reserve-reward"),
	AT(VERIFY) = DOES("submit", "verify"),
	AT(HOUSEHOLD) = DOES("household create|household add|household set|household remove|household close", "household"),
	AT(MERGE) = DOES("member merge|member unmerge", "merge"),
	AT(EDIT_MEMBER) = DOES("member change", "edit-member"),
	AT(BLOCK_MEMBER) = DOES("member block|member unblock", "block-member"),
	AT(MEMBER_NOTE) = FINAL("member note", "what was said stays: another note puts it right"),
	AT(CLAIM) = DOES("claim", "reverse"),
	AT(ERASE_MEMBER) = FINAL("member erase", "what was erased is nowhere any more: that is its purpose"),
	AT(AS_OF) = SHOWS("member"),
	AT(CONSENTS) = SHOWS("consent"),
	AT(CHANGE_CONSENT) = DOES("consent give|consent withdraw", "change-consent"),
	AT(WHY) = SHOWS("member"),
	AT(CORRECT) = DOES("submit|case open", "undo"),
	AT(ENROL) = DOES("submit|import members", "merge"),

	AT(APPROVE) = FINAL("approval approve|programme approve|campaign approve|partner approve", "what was approved happens; each kind is taken back where it stands"),
	AT(REFUSE) = FINAL("approval refuse|programme refuse|campaign refuse|partner refuse", "whoever asked may ask again"),
	AT(EVENT_RETRY) = FINAL("event retry", "it is posted, or fails as before"),
	AT(EVENT_CANCEL) = FINAL("event cancel", "the same can be submitted again"),

	AT(EDIT_CELL) = TYPES(OF_THE_TEXT, "undo"),
	AT(INSERT_TIER) = TYPES(OF_THE_TEXT, "undo"),
	AT(REMOVE_TIER) = TYPES(OF_THE_TEXT, "undo"),
	AT(ADD_BENEFIT) = TYPES(OF_THE_TEXT, "undo"),
	AT(DATE_THRESHOLD) = TYPES(OF_THE_TEXT, "undo"),
	AT(REDO) = TYPES(OF_THE_TEXT, "undo"),
	AT(SAVE_DRAFT) = DOES("programme load|campaign load", "drop-draft"),
	AT(SUBMIT) = DOES("programme submit", "programme refuse"),
	AT(DROP_DRAFT) = DOES("programme drop", "programme load"),
	AT(COMPARE) = SHOWS("programme diff"),
	AT(VERSION) = SHOWS("programme show"),
	AT(WHAT_IF) = SHOWS("what-if"),
	AT(LARGEST) = SHOWS("what-if"),
	AT(SHOW_ALL) = LOOKS(OF_THE_VIEW),

	AT(NEW_CAMPAIGN) = DOES("campaign load", "drop-draft"),
	AT(COPY_CAMPAIGN) = DOES("campaign copy", "drop-draft"),
	AT(DRY_RUN) = SHOWS("campaign dry-run"),
	AT(RESULT_DAYS) = SHOWS("campaign results"),
	AT(ADD_PRIZE) = TYPES(OF_THE_FILE, "remove-prize"),
	AT(REMOVE_PRIZE) = TYPES(OF_THE_FILE, "add-prize"),
	AT(SUBMIT_CAMPAIGN) = DOES("campaign submit", "campaign refuse"),
	AT(PAUSE) = DOES("campaign pause|campaign resume", "pause"),
	AT(CALL_CAMPAIGN) = FINAL("campaign trigger", "what members were given is theirs"),
	AT(STOP_CAMPAIGN) = FINAL("campaign stop", "for good; a copy of it can begin anew"),
};
// clang-format on
