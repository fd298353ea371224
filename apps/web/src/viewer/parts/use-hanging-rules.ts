import type { HangingLayout, HangingRule } from '@negatoscope/contract';
import type { StudyKind } from '@negatoscope/dicom';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan, useUser } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { countsAt, siteFor } from '../../entities/group/site.ts';
import { currentLocale, useText } from '../../i18n/index.ts';
import { showToast } from '../../ui/toast.tsx';
import { keptRuleFor } from '../model/hanging.ts';

const NO_RULES: readonly HangingRule[] = [];

const rulesQuery = queryOptions({
  queryKey: ['hanging-rules'],
  queryFn: async ({ signal }): Promise<readonly HangingRule[]> => (await call('listHangingRules', { signal })).items,
  staleTime: 5 * 60_000,
  retry: 1,
});

/** The rules that this person, the study's site and the installation have kept; none where they can't be had, and undefined while they are on their way. */
export function useHangingRules(groupId: string | undefined): readonly HangingRule[] | undefined {
  const { data, isError } = useQuery(rulesQuery);
  const site = siteFor(useUser(), groupId);
  const kept = useMemo(() => data?.filter((rule) => countsAt(site, rule)), [data, site]);
  return kept ?? (isError ? NO_RULES : undefined);
}

export interface KeptHanging {
  /** The rule by which such studies hang, where one was kept. */
  readonly rule: HangingRule | undefined;
  readonly maySaveForSite: boolean;
  readonly save: (level: HangingRule['level'], layout: HangingLayout) => void;
  /** Takes the rule away. */
  readonly forget: () => void;
}

/** Keeps how studies of a kind hang; for the site of this group, where it is one's own. */
export function useKeptHanging(kind: StudyKind, groupId: string | undefined): KeptHanging {
  const t = useText('viewer');
  const rule = keptRuleFor(useHangingRules(groupId) ?? NO_RULES, kind);
  const siteId = siteFor(useUser(), groupId);
  const maySaveForSite = useCan()('groups.manage');
  const change = async (work: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await work();
      await queryClient.invalidateQueries(rulesQuery);
      showToast(done);
    } catch (error) {
      showToast(errorText(error, currentLocale()), { tone: 'danger' });
    }
  };
  return {
    rule,
    maySaveForSite,
    save: (level, layout) => {
      const body = { ...kind, region: kind.region ?? null, level, siteId: level === 'SITE' ? siteId : null, layout };
      void change(() => call('saveHangingRule', { body }), t('hanging.saved'));
    },
    forget: () => {
      if (rule !== undefined) void change(() => call('deleteHangingRule', { params: { id: rule.id } }), t('hanging.forgotten'));
    },
  };
}
