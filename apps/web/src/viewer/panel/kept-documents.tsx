import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Archive } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { PanelButton } from './reading-section.tsx';
import { Section } from './section.tsx';

interface KeptDocumentsProps {
  readonly study: StudyRef;
  /** Edits that the server has not taken yet: what is made of the rest would lack them. */
  readonly waiting: number;
  /** Whether there is anything to make a document of. */
  readonly isEmpty: boolean;
}

type Told = { readonly isFailure: boolean; readonly text: string } | undefined;

/** Has documents made, and what became of it. */
function useKeeping({ studyInstanceUid, groupId }: StudyRef, queryKey: readonly string[]) {
  const t = useText('viewer');
  const locale = useLocale();
  const queries = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const [told, setTold] = useState<Told>();
  const keep = async (): Promise<void> => {
    setIsBusy(true);
    try {
      const { items } = await call('keepDocuments', { params: { studyInstanceUid }, query: { groupId } });
      const isNew = items.some(({ outcome }) => outcome === 'STORED');
      const leftOut = items.reduce((sum, item) => sum + item.leftOut, 0);
      const rest = leftOut === 0 ? '' : ` ${t('panel.leftOut', { count: leftOut })}`;
      setTold({ isFailure: false, text: `${t(isNew ? 'panel.kept' : 'panel.keptAlready')}${rest}` });
      await queries.invalidateQueries({ queryKey });
    } catch (error) {
      setTold({ isFailure: true, text: errorText(error instanceof ApiError ? error : new ApiError('INTERNAL', 0), locale) });
    } finally {
      setIsBusy(false);
    }
  };
  return { keep, isBusy, told };
}

/** Makes DICOM instances of the measurements and key images, and says when that was done last. */
export function KeptDocuments({ study, waiting, isEmpty }: KeptDocumentsProps) {
  const t = useText('viewer');
  const locale = useLocale();
  const can = useCan();
  const { studyInstanceUid, groupId } = study;
  const queryKey = ['kept-documents', studyInstanceUid, groupId ?? ''];
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) => call('listKeptDocuments', { params: { studyInstanceUid }, query: { groupId }, signal }),
  });
  const { keep, isBusy, told } = useKeeping(study, queryKey);
  const latest = data?.items
    .map(({ madeAt }) => madeAt)
    .sort()
    .at(-1);
  // Who may keep nothing sees the place only where something was kept.
  if (!can('reports.write') && latest === undefined) return null;
  return (
    <Section title={t('panel.record')}>
      <div className="flex flex-col items-start gap-1">
        {can('reports.write') && (
          <PanelButton
            icon={Archive}
            text={t('panel.keep')}
            isDisabled={isBusy || isEmpty || waiting > 0}
            onPress={() => void keep()}
          />
        )}
        {latest !== undefined && (
          <p className="text-(--ng-text-dim) text-xs">{t('panel.keptAt', { at: formatInstant(latest, locale) })}</p>
        )}
        <p role="status" className={`text-xs ${told?.isFailure === true ? 'text-(--ng-amber)' : 'text-(--ng-text-dim)'}`}>
          {told?.text}
        </p>
      </div>
    </Section>
  );
}
