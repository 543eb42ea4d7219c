// A condition as SQL: text of ours alone, every value of the condition a parameter with its type.
#ifndef MODEL_SEGMENT_COMPILE_H
#define MODEL_SEGMENT_COMPILE_H
#include "model/segment/condition.h"

enum { CONDITION_VALUES_MAX = 40, CONDITION_CLAUSES_MAX = 40 };

// How many members the statement looks at: what is added up over the journal is added up once for all of
// them, or for each one by itself. Both mean the same; with the wrong one it takes long.
enum condition_reach { CONDITION_MANY, CONDITION_FEW };

struct condition_options {
	int first; // number of the first parameter: 3 for $3; 0 is 1
	enum condition_reach reach;
	const char *today; // SQL of a date, for a day other than the business day in the names: "$1::date";
			   // with CONDITION_FEW also a column of what stands before it in FROM
	bool by_setting; // for COPY, which takes no parameters: the values are read from the settings
			 // segment.p1, segment.p2 ... of the transaction
};

// SELECT ... FROM `from` WHERE `where`. In both stand m, which is loyalty.member, and perhaps s,
// loyalty.standing. `where` is true or not true; it may be NULL where it is not true.
struct condition_sql {
	char *from, *where;
	// The same apart: who is meant at all, and the clauses of the outermost `and`; where = all of them.
	const char *population, *clauses[CONDITION_CLAUSES_MAX];
	int clause_count;
	const char *values[CONDITION_VALUES_MAX]; // as texts, from parameter `first` on
	int value_count;
	struct arena arena; // all of it
};

// False: it has too many values or clauses for one statement. Either way condition_sql_free() is due.
bool condition_compile(const struct member_condition *condition, const struct condition_options *options,
	struct condition_sql *sql);
void condition_sql_free(struct condition_sql *sql);
#endif
