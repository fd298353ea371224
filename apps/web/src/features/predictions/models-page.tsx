import type { BlindReading } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { groupsQuery } from '../../entities/group/queries.ts';
import { modelsQuery } from '../../entities/prediction/model-cards.tsx';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Notice, Skeleton } from '../../ui/bits.tsx';
import { PageHead, Scroll } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast.tsx';
import { InstallModel } from './install-model.tsx';
import { ModelRow } from './model-row.tsx';
import { RecalibrationOf } from './recalibration-of.tsx';
import { ThresholdOf } from './threshold-of.tsx';
import type { Site, SitesProps } from './thresholds.ts';

const CHECKING_MS = 1_000;
const blindQuery = {
  queryKey: ['blind-reading'],
  queryFn: ({ signal }: { signal: AbortSignal }) => call('listBlindReading', { signal }),
};

/** The models of the server: which there are, what their own checks said, which answers where, and where one reads blind. */
export function ModelsPage() {
  const t = useText('predictions');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    ...modelsQuery,
    refetchInterval: ({ state }) => (state.data?.items.some(({ state: one }) => one === 'CHECKING') ? CHECKING_MS : false),
  });
  return (
    <>
      <PageHead width="max-w-3xl" title={t('modelsTitle')} />
      <Scroll width="max-w-3xl">
        <p className="mb-3 text-dim">{t('modelsLead')}</p>
        <div className="mb-4">
          <Notice tone="amber">{t('research')}</Notice>
        </div>
        <InstallModel />
        {error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
        {data === undefined && error === null && <Skeleton width="100%" height={140} />}
        <ul className="ng-card empty:hidden">
          {data?.items.map((model) => (
            <ModelRow key={model.id ?? `${model.name} ${model.version}`} model={model} />
          ))}
        </ul>
        {data !== undefined && <Sites {...data} models={data.items} />}
      </Scroll>
    </>
  );
}

function Sites({ models, choices, thresholds, recalibrations }: SitesProps) {
  const t = useText('predictions');
  const groups = useQuery(groupsQuery).data;
  const blind = useQuery(blindQuery).data;
  const all = { models, choices, thresholds, recalibrations };
  const sites = [{ id: null, name: t('installation') }, ...(groups?.items ?? [])];
  return (
    <section aria-label={t('choices')} className="mt-6">
      <h2 className="font-semibold">{t('choices')}</h2>
      <p className="mb-3 text-[13px] text-dim">{t('choicesLead')}</p>
      <ul className="ng-card">
        {sites.map(({ id, name }) => (
          <li
            key={id ?? ''}
            className="flex min-h-14 flex-wrap items-end gap-x-4 gap-y-2 border-b border-line/70 px-4 py-2 last:border-0"
          >
            <span className="w-full truncate font-medium">{name}</span>
            <ModelOf site={{ id, name }} {...all} />
            <BlindOf site={{ id, name }} rules={blind?.items ?? []} />
            <div className="flex flex-wrap gap-2">
              <ThresholdOf site={{ id, name }} {...all} />
              <RecalibrationOf site={{ id, name: id === null ? t('noSite') : name }} {...all} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Does what a choice asks for, and says what came of it. */
function useKeeping(): (work: () => Promise<unknown>, queryKey: readonly string[]) => Promise<void> {
  const t = useText('predictions');
  const locale = useLocale();
  return async (work, queryKey) => {
    try {
      await work();
      showToast(t('choiceKept'));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
    await queryClient.invalidateQueries({ queryKey });
  };
}

interface SiteSelectProps {
  /** What is chosen, as it stands beside it. */
  readonly title: string;
  /** The same, and for which site. */
  readonly label: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

/** A choice that can be read as it stands, which a filter's narrow one can't. */
const SiteSelect = ({ title, label, value, choices, onChange }: SiteSelectProps) => (
  <label className="flex flex-col gap-0.5 text-[13px] text-dim max-sm:w-full">
    {title}
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="ng-field ng-field-small w-full max-w-full text-text sm:w-auto!"
    >
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value} className="text-text">
          {choice.label}
        </option>
      ))}
    </select>
  </label>
);

const keyOf = (name: string, version: string): string => `${name} ${version}`;

function ModelOf({ site, models, choices }: SitesProps & { readonly site: Site }) {
  const t = useText('predictions');
  const keep = useKeeping();
  const chosen = choices.find(({ siteId }) => siteId === site.id);
  const usable = models.filter(({ state }) => state === 'READY');
  const choose = (key: string): void => {
    const model = usable.find(({ name, version }) => keyOf(name, version) === key);
    const body = model && { siteId: site.id, modelName: model.name, modelVersion: model.version };
    const query = site.id === null ? {} : { siteId: site.id };
    void keep(
      () => (body === undefined ? call('unchooseModel', { query }) : call('chooseModel', { body })),
      modelsQuery.queryKey,
    );
  };
  const none = { value: '', label: t(site.id === null ? 'asBuiltIn' : 'asInstallation') };
  const others = usable.map(({ name, version }) => ({ value: keyOf(name, version), label: keyOf(name, version) }));
  const value = chosen === undefined ? '' : keyOf(chosen.modelName, chosen.modelVersion);
  // One that can't be used any more is still what is chosen.
  const gone = value === '' || others.some((one) => one.value === value) ? [] : [{ value, label: value }];
  return (
    <SiteSelect
      title={t('model')}
      label={t('chosenModel', { site: site.name })}
      value={value}
      onChange={choose}
      choices={[none, ...others, ...gone]}
    />
  );
}

function BlindOf({ site, rules }: { readonly site: Site; readonly rules: readonly BlindReading[] }) {
  const t = useText('predictions');
  const keep = useKeeping();
  const rule = rules.find(({ siteId }) => siteId === site.id);
  const set = (value: string): void => {
    const isOn = value === '' ? null : value === 'on';
    void keep(() => call('saveBlindReading', { body: { siteId: site.id, isOn } }), blindQuery.queryKey);
  };
  return (
    <SiteSelect
      title={t('reading')}
      label={t('blindOf', { site: site.name })}
      value={rule === undefined ? (site.id === null ? 'off' : '') : rule.isOn ? 'on' : 'off'}
      onChange={set}
      choices={[
        ...(site.id === null ? [] : [{ value: '', label: t('asInstallation') }]),
        { value: 'off', label: t('blindOff') },
        { value: 'on', label: t('blindOn') },
      ]}
    />
  );
}
