import type { Share } from '@negatoscope/contract';
import { List } from 'lucide-react';
import { formatDate, formatInstant, formatNumber } from '../../i18n/format.ts';
import { type Locale, type Text, useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Button } from '../../ui/button.tsx';
import { WithdrawButton } from './withdraw-button.tsx';

const TONES: Readonly<Record<Share['state'], string>> = {
  OPEN: 'text-accent',
  WITHDRAWN: 'text-dim',
  EXPIRED: 'text-dim',
  USED_UP: 'text-dim',
  CLOSED: 'text-danger',
  LOST: 'text-amber',
};
const SIGNS: Readonly<Record<Share['state'], string>> = {
  ...{ OPEN: '●', WITHDRAWN: '×', EXPIRED: '○', USED_UP: '○', CLOSED: '!', LOST: '!' },
};

/** What is the link's own: with whose identity, until when, how it was opened. */
function factsOf(share: Share, t: Text<'shares'>, locale: Locale): string[] {
  const at = (instant: string): string => formatInstant(instant, locale).replace(' ', '\u00a0');
  const { openings: count, maxOpenings } = share;
  const most = maxOpenings === null ? undefined : formatNumber(maxOpenings, locale);
  const times = most === undefined ? t('openedTimes', { count }) : t('openedOf', { count: formatNumber(count, locale), most });
  return [
    t(`profile_${share.profile}`),
    t('untilAt', { at: at(share.expiresAt) }),
    count === 0 && most === undefined ? t('neverOpened') : times,
    ...(share.lastOpenedAt === null ? [] : [t('lastOpened', { at: at(share.lastOpenedAt) })]),
    ...(share.withCode ? [t('hasCode')] : []),
    ...(share.mayDownload ? [t('canDownload')] : []),
  ];
}

function State({ share: { state, endedAt } }: { share: Share }) {
  const t = useText('shares');
  const locale = useLocale();
  return (
    <span className={TONES[state]}>
      <span aria-hidden="true">{SIGNS[state]}</span> {t(`state_${state}`)}
      {endedAt !== null && ` ${t('endedAt', { at: formatInstant(endedAt, locale) })}`}
    </span>
  );
}

function Studies({ share: { studies, studyCount } }: { share: Share }) {
  const t = useText('shares');
  const locale = useLocale();
  const hidden = studyCount - studies.length;
  return (
    <ul className="text-[13px]">
      {studies.map(({ id, patientName, studyDate, description, modalities }) => (
        <li key={id} className="tabular break-words">
          {[
            patientName,
            formatDate(studyDate, locale) || t('undated'),
            textOfFile(description) || textOfFile(modalities.join(', ')),
          ]
            .filter(Boolean)
            .join(' · ')}
        </li>
      ))}
      {hidden > 0 && <li className="text-dim">{t('hiddenStudies', { count: hidden })}</li>}
    </ul>
  );
}

interface Props {
  readonly share: Share;
  readonly showsAuthor: boolean;
  readonly onLook: () => void;
}
/** One share: for whom, of what, how it stands, and what can be done with it. */
export function ShareRow({ share, showsAuthor, onLook }: Props) {
  const t = useText('shares');
  const locale = useLocale();
  const { recipient, author, note, state } = share;
  return (
    <li className="flex flex-wrap items-start justify-end gap-x-3 gap-y-2 border-b border-line/70 px-4 py-3 last:border-0">
      <div className="min-w-56 flex-1">
        <p className="flex flex-wrap gap-x-2">
          <span className="min-w-0 font-medium break-words">{recipient}</span>
          {showsAuthor && <span className="text-dim">{author === null ? t('byNobody') : t('by', { name: author.name })}</span>}
          <State share={share} />
        </p>
        <Studies share={share} />
        <p className="tabular text-[13px] text-dim">{factsOf(share, t, locale).join(' · ')}</p>
        {note !== null && <p className="text-[13px] break-words text-dim">{note}</p>}
        {state === 'LOST' && <p className="text-[13px] text-amber">{t('lostText')}</p>}
      </div>
      <div className="flex flex-wrap items-center justify-end gap-2">
        <Button
          size="small"
          kind="quiet"
          icon={<List size={14} />}
          onPress={onLook}
          aria-label={t('accessesLong', { recipient })}
        >
          {t('accesses')}
        </Button>
        {(state === 'OPEN' || state === 'LOST') && <WithdrawButton share={share} />}
      </div>
    </li>
  );
}
