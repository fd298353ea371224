import type { Prior } from '@negatoscope/contract';
import { Check, ChevronDown, History } from 'lucide-react';
import { Button, type Key, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { isSameStudy } from '../annotations/kept-edit.ts';
import { refOf } from '../model/beside.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { formatDate } from '../model/format.ts';

interface PriorHeadingProps {
  readonly priors: readonly Prior[];
  readonly beside: StudyRef | undefined;
  readonly onChoose: (study: StudyRef | undefined) => void;
}

/** What stands beside: its date, and which other studies of the patient may. */
export function PriorHeading({ priors, beside, onChoose }: PriorHeadingProps) {
  const t = useText('viewer');
  const locale = useLocale();
  if (priors.length === 0 && beside === undefined) return null;
  const dateOf = ({ studyDate }: Prior): string =>
    studyDate === null ? t('prior.noDate') : formatDate(studyDate.replaceAll('-', ''), locale);
  const shown = priors.find((prior) => beside !== undefined && isSameStudy(refOf(prior), beside));
  const label = shown === undefined ? t(beside === undefined ? 'prior.choose' : 'prior.other') : dateOf(shown);
  return (
    <MenuTrigger>
      <Button
        aria-label={shown === undefined ? label : t('prior.beside', { date: label })}
        className="ng-viewer-target flex w-36 shrink-0 cursor-default flex-col items-start justify-center gap-0.5 rounded-md border border-(--ng-line) bg-(--ng-surface-2) px-2 py-1 text-left outline-none data-focus-visible:ring-2 data-focus-visible:ring-(--ng-accent) data-hovered:bg-(--ng-line) @3xl:mt-2 @3xl:w-full"
      >
        <span className="flex w-full items-center gap-1 text-(--ng-text-dim) text-[0.6875rem]">
          <History size={13} aria-hidden />
          <span className="grow truncate">{t('prior.title')}</span>
          <ChevronDown size={13} aria-hidden />
        </span>
        <span className="max-w-full truncate font-medium text-(--ng-text) text-xs">{label}</span>
      </Button>
      <Popover
        data-theme="dark"
        className="ng-viewer-popover max-h-80 min-w-64 max-w-96 overflow-auto rounded-md border border-(--ng-line) bg-(--ng-surface-2) p-1 text-(--ng-text) text-sm shadow-xl"
      >
        <PriorMenu {...{ priors, shown, dateOf, onChoose }} />
      </Popover>
    </MenuTrigger>
  );
}

const ITEM = 'ng-viewer-target flex cursor-default items-center rounded px-2 outline-none data-focused:bg-(--ng-line)';

interface PriorMenuProps extends Pick<PriorHeadingProps, 'priors' | 'onChoose'> {
  readonly shown: Prior | undefined;
  readonly dateOf: (prior: Prior) => string;
}

function PriorMenu({ priors, shown, dateOf, onChoose }: PriorMenuProps) {
  const t = useText('viewer');
  const choose = (key: Key): void => {
    const prior = priors[Number(key)];
    onChoose(prior && refOf(prior));
  };
  return (
    <Menu aria-label={t('prior.choose')} className="outline-none" onAction={choose}>
      {priors.map((prior, index) => (
        <MenuItem key={prior.id} id={index} textValue={dateOf(prior)} className={`${ITEM} gap-3`}>
          <span className="shrink-0">{dateOf(prior)}</span>
          <span className="min-w-0 grow truncate text-(--ng-text-dim)">
            {[prior.modalities.join(' '), prior.description].map(textOfFile).filter(Boolean).join(' · ')}
          </span>
          {prior === shown && <Check size={16} aria-hidden className="shrink-0 text-(--ng-accent)" />}
        </MenuItem>
      ))}
      <MenuItem id="none" className={ITEM}>
        {t('prior.none')}
      </MenuItem>
    </Menu>
  );
}
