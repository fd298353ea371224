import { FILE_REASONS } from '@negatoscope/contract/file-reasons';
import { personNameOnPage } from '@negatoscope/contract/person-name';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Pause, Play, Square } from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { ApiError, errorText } from '../../api/error.ts';
import { formatBytes, formatDate, formatDuration, formatNumber, formatPercent } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textIn } from '../../i18n/typography.ts';
import { Notice, ProgressLine } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { type FileLine, type ImportSnapshot, importPeople, isActive, OUTCOMES, onImport, progressOf } from './import-store.ts';
import { OutcomeMark } from './outcome.tsx';
import { ReportLoader } from './report.tsx';
import { cancelImport, pauseImport, resetImport, resumeImport } from './run.ts';
import { shownBirthDate } from './whose.ts';

const COUNT_KEYS = {
  stored: 'countStored',
  duplicate: 'countDuplicate',
  conflict: 'countConflict',
  rejected: 'countRejected',
  ignored: 'countIgnored',
} as const;

const NAMED_SHOWN = 6;

export function Progress({ state }: { state: ImportSnapshot }) {
  const t = useText('imports');
  const locale = useLocale();
  const isOver = !isActive(state.phase);
  if (state.phase === 'scanning' || state.phase === 'reading') {
    return (
      <output className="ng-card block px-6 py-14 text-center text-dim">
        {t(state.phase === 'scanning' ? 'scanning' : 'readingHeaders', { count: state.scanned })}
      </output>
    );
  }
  return (
    <div className="flex flex-col gap-5">
      <Overall state={state} />
      {!isOver && <Named />}
      {state.phase === 'failed' && (
        <Notice tone="danger">
          {state.error !== undefined && <p>{errorText(new ApiError(state.error, 0), locale)}</p>}
          {state.importId !== undefined && <p>{t('keptNote')}</p>}
        </Notice>
      )}
      {state.phase === 'paused' && state.error !== undefined && (
        <Notice tone="danger">{errorText(new ApiError(state.error, 0), locale)}</Notice>
      )}
      {state.resumed && !isOver && <Notice>{t('resumedNote')}</Notice>}
      {isOver && state.importId !== undefined ? (
        <ReportLoader id={state.importId} />
      ) : (
        state.lines.length > 0 && <Lines lines={state.lines} version={state.version} />
      )}
    </div>
  );
}

function Overall({ state }: { state: ImportSnapshot }) {
  const t = useText('imports');
  const locale = useLocale();
  const ratio = progressOf(state);
  const refused = state.counts.rejected;
  const { phase } = state;
  const isWaiting = phase === 'waiting' || phase === 'paused';
  return (
    <section className="ng-card p-5">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="font-semibold" aria-live="polite">
          <PhaseTitle phase={phase} refused={refused} />
        </h2>
        {phase !== 'done' && <span className="tabular text-dim">{formatPercent(ratio, locale)}</span>}
        <div className="ml-auto">
          <Controls phase={phase} />
        </div>
      </div>
      <div className="my-3.5">
        <ProgressLine
          ratio={ratio}
          label={t('running')}
          tone={isWaiting || (phase === 'done' && refused > 0) ? 'amber' : 'accent'}
        />
      </div>
      <Figures state={state} />
      <p className="sr-only" role="status">
        {t('announced', { percent: formatPercent(Math.floor(ratio * 4) / 4, locale) })}
      </p>
    </section>
  );
}

function PhaseTitle({ phase, refused }: { phase: ImportSnapshot['phase']; refused: number }) {
  const t = useText('imports');
  // An import that refused files does not end like one that took them all.
  if (phase === 'done' && refused > 0) return t('doneRefused', { count: refused });
  return phase === 'idle' || phase === 'scanning' || phase === 'reading' ? '' : t(phase);
}

/** Files and bytes, the rate and what is left of the time, and what became of the files so far. */
function Figures({ state }: { state: ImportSnapshot }) {
  const t = useText('imports');
  const locale = useLocale();
  return (
    <div className="tabular flex flex-wrap gap-x-5 gap-y-1 text-[13px] text-dim">
      <span>
        {t('filesOf', { done: formatNumber(state.filesDone, locale), total: formatNumber(state.lines.length, locale) })}
      </span>
      <span>{t('bytesOf', { done: formatBytes(state.bytesDone, locale), total: formatBytes(state.bytesTotal, locale) })}</span>
      {state.phase === 'running' && state.bytesPerSecond > 0 && (
        <>
          <span>{t('rate', { rate: formatBytes(state.bytesPerSecond, locale) })}</span>
          <span>{t('remaining', { time: formatDuration(state.remainingS) })}</span>
        </>
      )}
      <span className="flex flex-wrap gap-x-4 sm:ml-auto">
        {OUTCOMES.filter((outcome) => state.counts[outcome] > 0).map((outcome) => (
          <span key={outcome}>
            {t(COUNT_KEYS[outcome])} <b className="text-text">{formatNumber(state.counts[outcome], locale)}</b>
          </span>
        ))}
      </span>
    </div>
  );
}

/** Whom the files name, while they are sent. */
function Named() {
  const t = useText('imports');
  const locale = useLocale();
  const people = useSyncExternalStore(onImport, importPeople);
  if (people.length === 0) return null;
  return (
    <section className="ng-card px-5 py-3.5 text-[13px]" aria-label={t('named')}>
      <h3 className="text-dim">{t('named')}</h3>
      <ul className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
        {people.slice(0, NAMED_SHOWN).map(({ identity, files }) => (
          <li key={JSON.stringify(identity)}>
            <b>{personNameOnPage(identity.personName) || t('namedNobody')}</b>{' '}
            <span className="text-dim">
              {[formatDate(shownBirthDate(identity.birthDate), locale), t('whoseFiles', { count: files })]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
        {people.length > NAMED_SHOWN && <li className="text-dim">{t('whoseMore', { count: people.length - NAMED_SHOWN })}</li>}
      </ul>
    </section>
  );
}

function Controls({ phase }: { phase: ImportSnapshot['phase'] }) {
  const t = useText('imports');
  const [asks, setAsks] = useState(false);
  if (!isActive(phase)) return <Button onPress={resetImport}>{t('again')}</Button>;
  return (
    <div className="flex gap-2">
      {phase === 'paused' ? (
        <Button size="small" icon={<Play size={14} />} onPress={resumeImport}>
          {t('resume')}
        </Button>
      ) : (
        <Button size="small" icon={<Pause size={14} />} onPress={pauseImport} isDisabled={phase !== 'running'}>
          {t('pause')}
        </Button>
      )}
      <Button
        size="small"
        kind="quiet"
        icon={<Square size={13} />}
        onPress={() => setAsks(true)}
        isDisabled={phase === 'finishing'}
      >
        {t('stop')}
      </Button>
      <Confirm
        title={t('stopTitle')}
        isOpen={asks}
        onClose={() => setAsks(false)}
        onConfirm={() => {
          setAsks(false);
          void cancelImport();
        }}
        confirm={t('stop')}
      >
        {t('stopText')}
      </Confirm>
    </div>
  );
}

/** Goes to the line that is sent next, until one scrolls. */
function useFollow(lines: readonly FileLine[], version: number, scrollTo: (index: number) => void): () => void {
  const touched = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the lines change in place, the version says when.
  useEffect(() => {
    if (touched.current) return;
    const next = lines.findIndex((line) => line.state === 'sending' || line.state === 'queued');
    if (next > 8) scrollTo(next - 4);
  }, [version]);
  return () => {
    touched.current = true;
  };
}

/** Every file with its state; follows the work until one scrolls. */
function Lines({ lines, version }: { lines: readonly FileLine[]; version: number }) {
  const t = useText('imports');
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => 32,
    overscan: 10,
  });
  const touch = useFollow(lines, version, (index) => virtual.scrollToIndex(index, { align: 'start' }));
  return (
    <section className="ng-card overflow-hidden" aria-label={t('files')}>
      <div ref={box} className="h-[46dvh] overflow-auto" onWheel={touch} onTouchMove={touch}>
        <ul style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            return line === undefined ? null : <Line key={item.key} start={item.start} {...line} />;
          })}
        </ul>
      </div>
    </section>
  );
}

/** `start`: px from the top of the list. */
function Line({ name, sizeBytes, state, reason, start }: FileLine & { readonly start: number }) {
  const locale = useLocale();
  return (
    <li
      className="absolute inset-x-0 top-0 flex h-8 items-center gap-4 border-b border-line/60 px-4 text-[13px]"
      style={{ transform: `translateY(${start}px)` }}
    >
      <span className="min-w-0 flex-1 truncate" title={name}>
        {name}
      </span>
      <span className="tabular hidden w-20 shrink-0 text-right text-dim sm:block">{formatBytes(sizeBytes, locale)}</span>
      <span className="w-32 shrink-0 truncate sm:w-56">
        <OutcomeMark state={state} />{' '}
        {reason !== undefined && reason !== 'SAME_CONTENT' && (
          <span className="text-dim">{textIn(FILE_REASONS[reason], locale)}</span>
        )}
      </span>
    </li>
  );
}
