// Charts of a report as inline SVG.
#ifndef MODEL_REPORT_REPORT_SVG_H
#define MODEL_REPORT_REPORT_SVG_H
#include "model/report/report.h"

// A line with its band, or bars; numbers at the axis, labels below, each point's number on hovering over it.
void svg_chart(FILE *out, const struct report_chart *chart);
// A line a few letters wide, its last point marked.
void svg_trend(FILE *out, const struct report_cell *cell);
#endif
