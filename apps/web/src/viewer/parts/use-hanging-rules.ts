import type { HangingLayout, HangingRule } from '@negatoscope/contract';
import type { StudyKind } from '@negatoscope/dicom';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan, useUser } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
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

/** The rules that this person and their site have kept; none where they can't be had, and undefined while they are on their way. */
export function useHangingRules(): readonly HangingRule[] | undefined {
  const { data, isError } = useQuery(rulesQuery);
  return data ?? (isError ? NO_RULES : undefined);
}

export interface KeptHanging {
  /** The rule by which such studies hang, where one was kept. */
  readonly rule: HangingRule | undefined;
  readonly maySaveForSite: boolean;
  readonly save: (level: HangingRule['level'], layout: HangingLayout) => void;
  /** Takes the rule away. */
  readonly forget: () => void;
}

/** Keeps how studies of a kind hang. */
export function useKeptHanging(kind: StudyKind): KeptHanging {
  const t = useText('viewer');
  const rule = keptRuleFor(useHangingRules() ?? NO_RULES, kind);
  const siteId = useUser()?.groupId ?? null;
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
