import type { Reader, ReadingStatus } from '@negatoscope/contract';
import { Archive, CheckCircle2, Circle, CircleDotDashed, Eye, type LucideIcon, UsersRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { buttonClass } from '../parts/controls.tsx';
import { keyName } from '../parts/desk-keys.ts';
import { Section } from './section.tsx';
import type { LeaseState } from './use-lease.ts';

const SIGNS: Readonly<Record<ReadingStatus, readonly [LucideIcon, string]>> = {
  TO_READ: [Circle, 'text-(--ng-text)'],
  IN_PROGRESS: [CircleDotDashed, 'text-(--ng-amber)'],
  VALIDATED: [CheckCircle2, 'text-(--ng-accent)'],
  ARCHIVED: [Archive, 'text-(--ng-text-dim)'],
};

interface ReadingSectionProps {
  readonly lease: LeaseState;
  readonly about?: ReactNode;
  /** Marks as read and goes on; undefined where the page around offers no list. */
  readonly onReadAndNext: (() => void) | undefined;
  readonly onNext: (() => void) | undefined;
}

/** How far the reading is, who reads, and the way to the next one. */
export function ReadingSection({ lease: { lease, snapshot, mayRead }, about, onReadAndNext, onNext }: ReadingSectionProps) {
  const t = useText('viewer');
  const { reading, isReading, onlyLooks } = snapshot;
  const [Icon, colour] = SIGNS[reading?.status ?? 'TO_READ'];
  const mayToggle = mayRead && reading !== undefined && (reading.status === 'TO_READ' || reading.status === 'IN_PROGRESS');
  return (
    <Section title={t('panel.reading')}>
      <div
        role="status"
        data-testid="reading-status"
        data-status={reading?.status}
        className="flex min-h-6 items-center gap-2 text-sm"
      >
        {reading !== undefined && (
          <>
            <Icon size={16} aria-hidden className={colour} />
            <span>{t(`panel.status_${reading.status}`)}</span>
          </>
        )}
      </div>
      <Readers readers={reading?.readers ?? []} />
      <ReadTimes lease={snapshot} />
      {about}
      <div className="mt-2 flex flex-wrap gap-1">
        {mayRead && onReadAndNext !== undefined && reading?.status !== 'ARCHIVED' && (
          <PanelButton isMain text={t('panel.readAndNext')} shortcut={keyName(t, 'shift+n')} onPress={onReadAndNext} />
        )}
        {onNext !== undefined && <PanelButton text={t('panel.next')} shortcut="N" onPress={onNext} />}
        {mayToggle && isReading && <PanelButton icon={Eye} text={t('panel.onlyLook')} onPress={() => lease?.look()} />}
        {mayToggle && onlyLooks && <PanelButton text={t('panel.readIt')} onPress={() => lease?.read()} />}
      </div>
    </Section>
  );
}

/** Two who read at once see each other before they write. */
function Readers({ readers }: { readonly readers: readonly Reader[] }) {
  const t = useText('viewer');
  const others = readers.filter(({ isSelf }) => !isSelf);
  const isTwice = others.length > 0 && others.length < readers.length;
  if (readers.length === 0) return null;
  const names = readers.map(({ isSelf, name }) => (isSelf ? t('panel.you') : (name ?? t('panel.somebody'))));
  return (
    <p
      role={isTwice ? 'alert' : undefined}
      className={`flex items-start gap-2 text-xs ${isTwice ? 'text-(--ng-amber)' : 'text-(--ng-text-dim)'}`}
    >
      {isTwice && <UsersRound size={14} aria-hidden className="mt-0.5 shrink-0" />}
      <span className="break-words">{t('panel.readBy', { names: names.join(', ') })}</span>
    </p>
  );
}

function ReadTimes({ lease: { reading } }: { readonly lease: LeaseState['snapshot'] }) {
  const t = useText('viewer');
  const locale = useLocale();
  if (reading?.validatedAt == null) return null;
  return <p className="text-(--ng-text-dim) text-xs">{t('panel.readAt', { at: formatInstant(reading.validatedAt, locale) })}</p>;
}

interface PanelButtonProps {
  readonly icon?: LucideIcon;
  readonly text: string;
  readonly shortcut?: string;
  readonly isMain?: boolean;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}

export function PanelButton({ icon: Icon, text, shortcut, isMain = false, isDisabled = false, onPress }: PanelButtonProps) {
  return (
    <Button
      className={`${buttonClass} border px-2 text-xs ${isMain ? 'border-(--ng-accent) text-(--ng-accent)' : 'border-(--ng-line)'}`}
      isDisabled={isDisabled}
      onPress={onPress}
    >
      {Icon !== undefined && <Icon size={14} aria-hidden />}
      {text}
      {shortcut !== undefined && (
        <kbd aria-hidden className="ng-viewer-key ml-1 hidden font-mono text-(--ng-text-dim) text-[0.625rem] @3xl:inline">
          {shortcut}
        </kbd>
      )}
    </Button>
  );
}
