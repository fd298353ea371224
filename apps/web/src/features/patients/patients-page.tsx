import type { Patient } from '@negatoscope/contract';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { UserRoundPlus, UsersRound } from 'lucide-react';
import { useEffect } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { type CursorList, listProps, useCursorList } from '../../api/use-cursor-list.ts';
import { EmergencyButton } from '../../entities/emergency/open-dialog.tsx';
import { NoRows } from '../../entities/no-rows.tsx';
import { PatientCard, usePatientColumns } from '../../entities/patient/patient-columns.tsx';
import { patientQuery } from '../../entities/patient/queries.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { STATUSES } from '../../routing/reading-statuses.ts';
import type { patientSearch } from '../../routing/search-params.ts';
import { LoadError } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { DataList, Total } from '../../ui/data-list.tsx';
import { FilterSelect } from '../../ui/field.tsx';
import { FilterRow, PageHead, SearchBox } from '../../ui/page.tsx';
import { STATUS_SIGNS } from '../../ui/status.tsx';
import { useIsWide } from '../../ui/use-media.ts';
import { CreatePatient } from './create-patient.tsx';
import { PatientPreview } from './patient-preview.tsx';

type Search = ReturnType<typeof patientSearch>;

function usePatients(search: Search) {
  const { q, sort, status, review } = search;
  const identityStatus = review === true ? 'IDENTITY_REVIEW' : undefined;
  return useCursorList(['patients', { q, sort, status, review }], (cursor, signal) =>
    call('listPatients', { query: { q, sort: sort ?? 'name', status, identityStatus, limit: 100, cursor }, signal }),
  );
}

type Change = Partial<Record<keyof Search, unknown>>;

/** What the list has already is not asked again when a patient opens. */
function useKnownPatients(rows: readonly Patient[]): void {
  useEffect(() => {
    for (const patient of rows.slice(0, 100))
      queryClient.setQueryData(patientQuery(patient.id).queryKey, (old) => old ?? patient);
  }, [rows]);
}

export function PatientsPage() {
  const can = useCan();
  const search = useSearch({ from: '/app/patients' });
  const navigate = useNavigate({ from: '/app/patients' });
  const list = usePatients(search);
  const isWide = useIsWide();
  const set = (change: Change): void =>
    void navigate({ search: (previous) => ({ ...previous, ...change }) as Search, replace: true }); // Read back through validateSearch.
  const open = (patient: Patient): void => void navigate({ to: '/app/patients/$id', params: { id: patient.id } });
  useKnownPatients(list.rows);
  return (
    <div className="flex min-h-0 flex-1">
      <section className="flex min-w-0 flex-1 flex-col">
        <PatientsHead total={list.total} isExact={list.totalIsExact} onCreate={() => set({ create: true })} />
        <Filters search={search} onChange={set} />
        <PatientList list={list} search={search} isWide={isWide} onChange={set} onOpen={open} />
      </section>
      {isWide && search.selected !== undefined && <Beside id={search.selected} />}
      <CreatePatient
        isOpen={search.create === true && can('patients.write')}
        onClose={() => set({ create: undefined })}
        onCreated={open}
      />
    </div>
  );
}

function PatientsHead({ total, isExact, onCreate }: { total: number | undefined; isExact: boolean; onCreate: () => void }) {
  const t = useText('patients');
  const can = useCan();
  return (
    <PageHead title={t('title')} aside={<Total total={total} isExact={isExact} />}>
      <EmergencyButton />
      {can('patients.write') && (
        <Button icon={<UserRoundPlus size={16} />} onPress={onCreate}>
          {t('newPatient')}
        </Button>
      )}
    </PageHead>
  );
}

interface FilterProps {
  readonly search: Search;
  readonly onChange: (change: Change) => void;
}
function Filters({ search, onChange }: FilterProps) {
  const t = useText('patients');
  const common = useText('common');
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-2">
      <SearchBox
        value={search.q ?? ''}
        label={t('searchLabel')}
        placeholder={t('search')}
        onChange={(q) => onChange({ q: q === '' ? undefined : q })}
      />
      <FilterRow>
        <FilterSelect
          label={t('status')}
          value={search.status ?? ''}
          onChange={(status) => onChange({ status: status === '' ? undefined : status })}
          choices={[
            { value: '', label: t('anyStatus') },
            ...STATUSES.map((value) => ({ value, label: `${STATUS_SIGNS[value]} ${common(`status${value}`)}` })),
          ]}
        />
        <label className="flex h-9 coarse:h-11 shrink-0 items-center gap-2 text-[13px] text-dim">
          <input
            type="checkbox"
            className="size-4 shrink-0 accent-(--ng-accent)"
            checked={search.review === true}
            onChange={(event) => onChange({ review: event.target.checked ? true : undefined })}
          />
          {t('reviewOnly')}
        </label>
      </FilterRow>
    </div>
  );
}

interface ListProps extends FilterProps {
  readonly list: CursorList<Patient>;
  readonly isWide: boolean;
  readonly onOpen: (patient: Patient) => void;
}
function PatientList({ list, search, isWide, onChange, onOpen }: ListProps) {
  const t = useText('patients');
  const locale = useLocale();
  const columns = usePatientColumns();
  const isFiltered = (search.q ?? search.status ?? search.review) !== undefined;
  const clear = () => onChange({ q: undefined, status: undefined, review: undefined });
  if (list.error !== null) return <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />;
  return (
    <DataList
      label={t('title')}
      columns={columns}
      {...listProps(list)}
      rowId={(patient) => patient.id}
      card={(patient) => <PatientCard patient={patient} />}
      selectedId={search.selected}
      {...(isWide ? { onSelect: (patient: Patient) => onChange({ selected: patient.id }) } : {})}
      onOpen={onOpen}
      onBack={() => onChange({ selected: undefined })}
      sort={search.sort ?? 'name'}
      onSort={(sort) => onChange({ sort: sort === 'name' ? undefined : sort })}
      empty={<NoPatients isFiltered={isFiltered} onClear={clear} />}
    />
  );
}

/** The selected patient, where there is room beside the list. */
function Beside({ id }: { id: string }) {
  const t = useText('patients');
  return (
    <aside aria-label={t('openPatient')} className="ng-enter w-[380px] shrink-0 overflow-auto border-l border-line bg-surface">
      <PatientPreview id={id} />
    </aside>
  );
}

function NoPatients({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const t = useText('patients');
  const texts = {
    emptyTitle: t('emptyTitle'),
    emptyText: t('emptyText'),
    noMatchTitle: t('noMatchTitle'),
    noMatchText: t('noMatchText'),
  };
  return <NoRows icon={<UsersRound size={34} />} texts={texts} isFiltered={isFiltered} onClear={onClear} />;
}
