import type { Patient } from '@negatoscope/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { formatDate, formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError } from '../../ui/bits.tsx';
import { TextField } from '../../ui/field.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';

interface PickerProps {
  readonly label: string;
  /** Who can't be chosen, and the group in which to look; in all that one sees without. */
  readonly exceptId?: string;
  readonly groupId?: string | null;
  readonly onPick: (patient: Patient) => void;
}

function useFound(q: string, { exceptId, groupId }: PickerProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ['patients', 'picker', q],
    queryFn: ({ signal }) => call('listPatients', { query: { q, limit: 20, sort: 'name' }, signal }),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  });
  const found =
    q === ''
      ? []
      : (data?.items ?? [])
          .filter((one) => one.id !== exceptId && (groupId === undefined || one.groupId === groupId))
          .slice(0, 8);
  const failure = q === '' ? null : error;
  return {
    found,
    failure,
    retry: () => void refetch(),
    isNobody: q !== '' && failure === null && data !== undefined && found.length === 0,
  };
}

/** A search in place for one patient. */
export function PatientPicker(props: PickerProps) {
  const { label, onPick } = props;
  const t = useText('patients');
  const locale = useLocale();
  const [text, setText] = useState('');
  const q = useDebounced(text.trim(), 200);
  const { found, isNobody, failure, retry } = useFound(q, props);
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label={label}
        type="search"
        autoComplete="off"
        placeholder={t('search')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <ul className="flex flex-col" aria-label={label}>
        {found.map((patient) => (
          <li key={patient.id}>
            <Choice patient={patient} onPick={onPick} />
          </li>
        ))}
      </ul>
      {failure !== null && <LoadError message={errorText(failure, locale)} onRetry={retry} />}
      {isNobody && <p className="text-[13px] text-dim">{t('noMatchTitle')}</p>}
    </div>
  );
}

function Choice({ patient, onPick }: { patient: Patient; onPick: PickerProps['onPick'] }) {
  const t = useText('worklist');
  const common = useText('common');
  const locale = useLocale();
  return (
    <button
      type="button"
      // What one picks somebody for is never for reading alone.
      disabled={patient.onlyReads === true}
      onClick={() => onPick(patient)}
      className="flex min-h-11 w-full items-center gap-3 rounded-lg px-2 text-left enabled:hover:bg-surface-2 disabled:text-dim"
    >
      <span className="min-w-0 flex-1 truncate font-medium">{formatName(patient) || common('noName')}</span>
      <span className="tabular shrink-0 text-[13px] text-dim">
        {[formatDate(patient.birthDate, locale), patient.recordNumber, ...(patient.onlyReads === true ? [t('onlyReads')] : [])]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </button>
  );
}
