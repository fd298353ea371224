import type { ReportPhrase, ReportTemplate } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { reportTextsQuery } from '../../../entities/report-texts/queries.ts';

interface KeptTexts {
  readonly templates: readonly ReportTemplate[];
  readonly phrases: readonly ReportPhrase[];
}
const NONE: KeptTexts = { templates: [], phrases: [] };

/** Templates and phrases of one’s own, of the site and of the installation; none until they are there: ours are, and nobody waits to write. */
export const useKeptTexts = (): KeptTexts => useQuery(reportTextsQuery).data ?? NONE;
