/** Parts of a report, in the order in which they are read. */
export const REPORT_SECTIONS = ['history', 'technique', 'comparison', 'findings', 'impression'] as const;
export type ReportSection = (typeof REPORT_SECTIONS)[number];
