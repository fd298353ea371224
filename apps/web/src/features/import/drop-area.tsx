import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { type ChangeEvent, type DragEvent, useEffect, useRef, useState } from 'react';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { OwnGroupField } from '../../entities/group/own-group-field.tsx';
import { useOwnGroups } from '../../entities/group/own-groups.ts';
import { groupsQuery } from '../../entities/group/queries.ts';
import { patientQuery } from '../../entities/patient/queries.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { SelectField } from '../../ui/field.tsx';
import { Mark } from '../../ui/logo.tsx';
import { entriesFromDrop, fromEntries, fromInput } from './collect.ts';
import { importSnapshot, publishPeople } from './import-store.ts';
import type { ImportTarget } from './import-target.ts';
import { NamelessImages } from './nameless-images.tsx';
import type { ChosenFile } from './planner.ts';
import { reading, resetImport, scanning, startImport } from './run.ts';
import { type Person, whoseFiles } from './whose.ts';
import { WhoseImages } from './whose-images.tsx';

/** A whole window takes the drop, so that a near miss does not open the file in the browser. */
function useDrop(onDrop: (entries: FileSystemEntry[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(onDrop);
  latest.current = onDrop;
  useEffect(() => {
    const over = (event: globalThis.DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: globalThis.DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: globalThis.DragEvent): void => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer !== null) latest.current(entriesFromDrop(event.dataTransfer));
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return isOver;
}

/** What is chosen is looked into and sent, unless a person must first say whose it is. */
function useStart(target: ImportTarget) {
  const [check, setCheck] = useState<Check>();
  const can = useCan();
  const start = async (chosen: ChosenFile<File>[]): Promise<void> => {
    // Who sees pseudonyms has no identity to be told: the server keeps the patients apart.
    const people = can('patients.identity') ? await whoseFiles(chosen, target, reading) : [];
    publishPeople(people);
    const others = people.filter(({ contradicts }) => contradicts);
    const nameless = people.filter(({ namesNobody }) => namesNobody).reduce((sum, { files }) => sum + files, 0);
    if (others.length === 0 && nameless === 0) return startImport(chosen, target);
    resetImport();
    setCheck({ chosen, others, nameless });
  };
  const decide = ({ chosen }: Check, way: Partial<ImportTarget>): void => {
    setCheck(undefined);
    void startImport(chosen, { ...target, ...way });
  };
  return { start, check, decide, cancel: () => setCheck(undefined) };
}

export function DropArea({ patientId }: { patientId: string | undefined }) {
  const [groupId, setGroupId] = useState('');
  const target: ImportTarget = {
    ...(patientId === undefined ? {} : { patientId }),
    ...(groupId === '' ? {} : { groupId }),
  };
  const { start, check, decide, cancel } = useStart(target);
  const choose = (list: Iterable<File>): void => {
    scanning(0);
    void fromInput(list, scanning).then(start);
  };
  const isOver = useDrop((entries) => {
    // It stays behind a running import, which a second one must not replace.
    if (importSnapshot().phase !== 'idle') return;
    scanning(0);
    void fromEntries(entries, scanning).then(start);
  });
  if (check !== undefined && patientId !== undefined)
    return <Asked id={patientId} check={check} onDecide={(way) => decide(check, way)} onCancel={cancel} />;
  return (
    <>
      <Target isOver={isOver} onChoose={choose} />
      <Options patientId={patientId} groupId={groupId} onGroup={setGroupId} />
    </>
  );
}

interface TargetProps {
  readonly isOver: boolean;
  readonly onChoose: (files: Iterable<File>) => void;
}
/** Where files are dropped, and the buttons for who chooses them. */
function Target({ isOver, onChoose }: TargetProps) {
  const t = useText('imports');
  const stop = (event: DragEvent): void => event.preventDefault();
  return (
    <section
      aria-label={t('dropTitle')}
      onDragOver={stop}
      className={cx(
        'ng-enter flex flex-col items-center rounded-2xl border-2 border-dashed px-6 py-14 text-center transition duration-150',
        isOver ? 'border-accent bg-lightbox text-[#14181d] shadow-glow' : 'border-line-strong/60 bg-surface',
      )}
    >
      <div className={cx('mb-6 rounded-2xl transition duration-150', isOver && 'scale-105')}>
        <Mark size={72} />
      </div>
      <p className="text-lg font-semibold">{isOver ? t('dropHere') : t('dropTitle')}</p>
      <p className={cx('mt-1.5 max-w-md', !isOver && 'text-dim')}>{t('dropText')}</p>
      <ChooseFiles isOver={isOver} onChoose={onChoose} />
    </section>
  );
}

function ChooseFiles({ isOver, onChoose }: TargetProps) {
  const t = useText('imports');
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const choose = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    onChoose([...(target.files ?? [])]);
    // A browser tells of a choice only where it is another one: the same folder may be chosen again.
    target.value = '';
  };
  return (
    <>
      <div className={cx('mt-7 flex flex-wrap justify-center gap-3', isOver && 'invisible')}>
        <Button kind="primary" size="large" onPress={() => folder.current?.click()}>
          {t('chooseFolder')}
        </Button>
        <Button size="large" onPress={() => files.current?.click()}>
          {t('chooseFiles')}
        </Button>
      </div>
      <input
        ref={folder}
        type="file"
        hidden
        multiple
        aria-label={t('chooseFolder')}
        {...{ webkitdirectory: '' }}
        onChange={choose}
      />
      <input ref={files} type="file" hidden multiple aria-label={t('chooseFiles')} onChange={choose} />
    </>
  );
}

interface OptionsProps {
  readonly patientId: string | undefined;
  readonly groupId: string;
  readonly onGroup: (id: string) => void;
}
function Options({ patientId, groupId, onGroup }: OptionsProps) {
  const t = useText('imports');
  const can = useCan();
  const mayChooseGroup = can('groups.manage');
  const groups = useQuery({ ...groupsQuery, enabled: mayChooseGroup });
  const hasGroups = mayChooseGroup && (groups.data?.items.length ?? 0) > 0;
  // A patient's images go where the patient is; who sees no identities imports into a partition of their own.
  const mayChooseOwn = !mayChooseGroup && patientId === undefined && can('patients.identity');
  const hasOwn = useOwnGroups().length > 0 && mayChooseOwn;
  if (patientId === undefined && !hasGroups && !hasOwn) return null;
  return (
    <div className="mt-4 flex flex-wrap items-end gap-x-8 gap-y-4">
      {patientId !== undefined && <TargetPatient id={patientId} />}
      {hasOwn && <OwnGroupField className="w-64" value={groupId} onChange={onGroup} />}
      {hasGroups && (
        <SelectField
          label={t('group')}
          className="w-64"
          value={groupId}
          onChange={(event) => onGroup(event.target.value)}
          choices={[
            { value: '', label: t('defaultGroup') },
            ...(groups.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
    </div>
  );
}

function TargetPatient({ id }: { id: string }) {
  const t = useText('imports');
  const common = useText('common');
  const navigate = useNavigate({ from: '/app/import' });
  const { data } = useQuery(patientQuery(id));
  return (
    <p className="flex items-center gap-1 font-medium">
      {t('targetIs', { name: data === undefined ? '…' : formatName(data) || common('noName') })}
      <IconButton label={t('removeTarget')} onPress={() => void navigate({ search: {} })}>
        <X size={16} />
      </IconButton>
    </p>
  );
}

interface Check {
  readonly chosen: ChosenFile<File>[];
  readonly others: readonly Person[];
  /** How many of the files name nobody. */
  readonly nameless: number;
}
interface AskedProps {
  readonly id: string;
  readonly check: Check;
  readonly onDecide: (way: Partial<ImportTarget>) => void;
  readonly onCancel: () => void;
}
/** Nothing is sent before somebody has said what becomes of images that name another person, and whose those are that name nobody. */
function Asked({ id, check: { others, nameless }, onDecide, onCancel }: AskedProps) {
  const [way, setWay] = useState<Partial<ImportTarget>>();
  const locale = useLocale();
  const { data, error, refetch } = useQuery(patientQuery(id));
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton width="100%" height={260} />;
  if (others.length > 0 && way === undefined)
    return <WhoseImages patient={data} others={others} onDecide={nameless > 0 ? setWay : onDecide} onCancel={onCancel} />;
  return <NamelessImages patient={data} files={nameless} onConfirm={() => onDecide(way ?? {})} onCancel={onCancel} />;
}
