import type { ReportSite } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../api/client.ts';
import { errorText } from '../../../api/error.ts';
import { queryClient } from '../../../api/query-client.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { LoadError, Notice, Skeleton } from '../../../ui/bits.tsx';
import { Button } from '../../../ui/button.tsx';
import { SelectField } from '../../../ui/field.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { useSubmit } from '../../../ui/use-submit.ts';
import { type EditedLetterhead, editedOf, type Faults, faultsOf, letterheadOf } from './letterhead.ts';
import { LetterheadFields } from './letterhead-fields.tsx';

/** Letterhead and dictation of a site. */
export function SiteSettings({ siteId }: { siteId: string | null }) {
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['report-site', siteId],
    queryFn: ({ signal }) => call('getReportSite', { query: siteId === null ? {} : { siteId }, signal }),
  });
  if (data === undefined)
    return error === null ? (
      <Skeleton width="100%" height={120} />
    ) : (
      <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />
    );
  return <Settings key={JSON.stringify(data)} saved={data} />;
}

const NO_FAULTS: Faults = {};

/** What is edited, and its saving. */
function useSettings(saved: ReportSite) {
  const t = useText('reports');
  const [own, setOwn] = useState<EditedLetterhead | null>(() => (saved.letterhead === null ? null : editedOf(saved.letterhead)));
  const [mayDictate, setMayDictate] = useState(saved.mayDictate);
  const [isTold, setTold] = useState(false);
  const faults = own === null ? NO_FAULTS : faultsOf(own);
  const sending = useSubmit(async () => {
    setTold(true);
    if (Object.keys(faults).length > 0) return;
    const body = { siteId: saved.siteId, letterhead: own === null ? null : letterheadOf(own), mayDictate };
    queryClient.setQueryData(['report-site', saved.siteId], await call('saveReportSite', { body }));
    showToast(t('siteSaved'));
  });
  return { own, setOwn, mayDictate, setMayDictate, faults: isTold ? faults : NO_FAULTS, ...sending };
}

function Settings({ saved }: { saved: ReportSite }) {
  const t = useText('reports');
  const common = useText('common');
  const locale = useLocale();
  const { own, setOwn, mayDictate, setMayDictate, faults, failure, isPending, submit } = useSettings(saved);
  return (
    <form onSubmit={submit} noValidate className="ng-card flex flex-col gap-4 p-5" aria-label={t('letterhead')}>
      <div>
        <h2 className="font-semibold">{t('letterhead')}</h2>
        <p className="mt-0.5 text-[13px] text-dim">{t('letterheadLead')}</p>
      </div>
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <WhichLetterhead isAll={saved.siteId === null} own={own} onChange={setOwn} />
      {own !== null && <LetterheadFields {...{ own, faults }} onChange={setOwn} />}
      <DictationField isAll={saved.siteId === null} mayDictate={mayDictate} onChange={setMayDictate} />
      <div className="flex justify-end">
        <Button kind="primary" type="submit" isPending={isPending}>
          {common('save')}
        </Button>
      </div>
    </form>
  );
}

const NEW: EditedLetterhead = { name: '', lines: '', phone: '', logo: null };

interface LetterheadProps {
  /** What holds wherever a site says nothing else. */
  readonly isAll: boolean;
  readonly own: EditedLetterhead | null;
  readonly onChange: (own: EditedLetterhead | null) => void;
}
function WhichLetterhead({ isAll, own, onChange }: LetterheadProps) {
  const t = useText('reports');
  return (
    <SelectField
      label={t('letterhead')}
      hint={own === null ? t(isAll ? 'letterheadNoneAll' : 'letterheadNoneSite') : undefined}
      value={own === null ? '' : 'own'}
      onChange={({ target }) => onChange(target.value === '' ? null : NEW)}
      choices={[
        { value: '', label: t('letterheadNone') },
        { value: 'own', label: t('letterheadOwn') },
      ]}
    />
  );
}

interface DictationProps {
  readonly isAll: boolean;
  /** Null: as it is for all. */
  readonly mayDictate: boolean | null;
  readonly onChange: (mayDictate: boolean | null) => void;
}
function DictationField({ isAll, mayDictate, onChange }: DictationProps) {
  const t = useText('reports');
  return (
    <SelectField
      label={t('dictation')}
      hint={t('dictationLead')}
      value={String(mayDictate)}
      onChange={({ target }) => onChange(target.value === 'null' ? null : target.value === 'true')}
      choices={[
        { value: 'null', label: t(isAll ? 'dictate_null_all' : 'dictate_null') },
        { value: 'true', label: t('dictate_true') },
        { value: 'false', label: t('dictate_false') },
      ]}
    />
  );
}
