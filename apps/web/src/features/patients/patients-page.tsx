import type { Patient } from '@negatoscope/contract';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { UserRoundPlus, UsersRound } from 'lucide-react';
import { useEffect } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { useCursorList } from '../../api/use-cursor-list.ts';
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

export function PatientsPage() {
  const t = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  const can = useCan();
  const search = useSearch({ from: '/app/patients' });
  const navigate = useNavigate({ from: '/app/patients' });
  const list = usePatients(search);
  const columns = usePatientColumns();
  const isWide = useIsWide();
  const set = (change: Partial<Record<keyof Search, unknown>>): void =>
    void navigate({ search: (previous) => ({ ...previous, ...change }) as Search, replace: true }); // Read back through validateSearch.
  const open = (patient: Patient): void => void navigate({ to: '/app/patients/$id', params: { id: patient.id } });
  const isFiltered = (search.q ?? search.status ?? search.review) !== undefined;
  const { rows } = list;
  useEffect(() => {
    for (const patient of rows.slice(0, 100))
      queryClient.setQueryData(patientQuery(patient.id).queryKey, (old) => old ?? patient);
  }, [rows]);
  return (
    <div className="flex min-h-0 flex-1">
      <section className="flex min-w-0 flex-1 flex-col">
        <PageHead title={t('title')} aside={<Total total={list.total} isExact={list.totalIsExact} />}>
          {can('patients.write') && (
            <Button icon={<UserRoundPlus size={16} />} onPress={() => set({ create: true })}>
              {t('newPatient')}
            </Button>
          )}
        </PageHead>
        <div className="flex flex-wrap items-center gap-2 px-4 pb-2">
          <SearchBox
            value={search.q ?? ''}
            label={t('searchLabel')}
            placeholder={t('search')}
            onChange={(q) => set({ q: q === '' ? undefined : q })}
          />
          <FilterRow>
            <FilterSelect
              label={t('status')}
              value={search.status ?? ''}
              onChange={(status) => set({ status: status === '' ? undefined : status })}
              choices={[
                { value: '', label: t('anyStatus') },
                ...STATUSES.map((value) => ({ value, label: `${STATUS_SIGNS[value]} ${common(`status${value}`)}` })),
              ]}
            />
            <label className="flex h-9 shrink-0 items-center gap-2 text-[13px] text-dim">
              <input
                type="checkbox"
                className="size-4 accent-(--ng-accent)"
                checked={search.review === true}
                onChange={(event) => set({ review: event.target.checked ? true : undefined })}
              />
              {t('reviewOnly')}
            </label>
          </FilterRow>
        </div>
        {list.error !== null ? (
          <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />
        ) : (
          <DataList
            label={t('title')}
            columns={columns}
            rows={rows}
            rowId={(patient) => patient.id}
            card={(patient) => <PatientCard patient={patient} />}
            total={list.total}
            isLoading={list.isLoading}
            isPrevious={list.isPrevious}
            hasMore={list.hasMore}
            onMore={list.more}
            selectedId={search.selected}
            {...(isWide ? { onSelect: (patient: Patient) => set({ selected: patient.id }) } : {})}
            onOpen={open}
            onBack={() => set({ selected: undefined })}
            sort={search.sort ?? 'name'}
            onSort={(sort) => set({ sort: sort === 'name' ? undefined : sort })}
            empty={
              <NoPatients isFiltered={isFiltered} onClear={() => set({ q: undefined, status: undefined, review: undefined })} />
            }
          />
        )}
      </section>
      {isWide && search.selected !== undefined && (
        <aside
          aria-label={t('openPatient')}
          className="ng-enter w-[380px] shrink-0 overflow-auto border-l border-line bg-surface"
        >
          <PatientPreview id={search.selected} />
        </aside>
      )}
      <CreatePatient
        isOpen={search.create === true && can('patients.write')}
        onClose={() => set({ create: undefined })}
        onCreated={open}
      />
    </div>
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
