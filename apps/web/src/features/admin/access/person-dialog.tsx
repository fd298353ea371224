import type { ReviewedPerson } from '@negatoscope/contract';
import { call } from '../../../api/client.ts';
import { errorText } from '../../../api/error.ts';
import { useUser } from '../../../api/me.ts';
import { formatInstant, formatName, formatNumber } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { Row } from '../row.tsx';
import { usersChanged, useTellStatus } from '../user-status.ts';
import { UnusedMark } from './unused-mark.tsx';

/** What one person reaches, and by what; the account is suspended here, which can be taken back. */
export function PersonDialog({ person, onClose }: { person: ReviewedPerson | undefined; onClose: () => void }) {
  return (
    <Dialog title={person === undefined ? '' : formatName(person)} isOpen={person !== undefined} onClose={onClose}>
      {person !== undefined && (
        <>
          <Facts person={person} />
          <Tokens person={person} />
          <Suspend person={person} onDone={onClose} />
        </>
      )}
    </Dialog>
  );
}

function Facts({ person }: { person: ReviewedPerson }) {
  const t = useText('access');
  const admin = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  const at = (instant: string | null): string => formatInstant(instant, locale) || t('never');
  return (
    <dl>
      <Row label={admin('email')}>{person.email}</Row>
      <Row label={admin('role')}>{`${common(`role${person.role}`)}, ${common(`level${person.level}`)}`}</Row>
      <Row label={admin('group')}>{person.groups.map(({ name }) => name).join(', ') || admin('noGroup')}</Row>
      <Row label={t('patients')}>{formatNumber(person.patients, locale)}</Row>
      <Row label={t('since')}>{at(person.createdAt)}</Row>
      <Row label={t('lastActive')}>
        {at(person.lastActiveAt)}
        {person.isUnused && <UnusedMark />}
      </Row>
      <Row label={t('lastUse')}>{at(person.lastPatientUseAt)}</Row>
      {person.linkUntil !== null && <Row label={t('link')}>{at(person.linkUntil)}</Row>}
    </dl>
  );
}

function Tokens({ person }: { person: ReviewedPerson }) {
  const t = useText('access');
  const locale = useLocale();
  if (person.tokens.length === 0) return null;
  return (
    <section className="mt-4">
      <h3 className="font-medium">{t('tokensOf')}</h3>
      <ul>
        {person.tokens.map((token) => (
          <li key={token.id} className="border-b border-line/70 py-2 last:border-0">
            {token.name}
            {token.isUnused && <UnusedMark />}
            <p className="text-[13px] break-words text-dim">
              {token.lastUsedAt === null ? t('tokenNever') : t('tokenUsed', { at: formatInstant(token.lastUsedAt, locale) })} ·{' '}
              {t('tokenUntil', { at: formatInstant(token.expiresAt, locale) })} · {token.permissions.join(', ')}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Suspend({ person, onDone }: { person: ReviewedPerson; onDone: () => void }) {
  const t = useText('access');
  const me = useUser();
  const locale = useLocale();
  const tellStatus = useTellStatus();
  if (person.status !== 'ACTIVE' || me === undefined || me.id === person.id) return null;
  const suspend = async (): Promise<void> => {
    try {
      tellStatus(await call('updateUser', { params: { id: person.id }, body: { status: 'SUSPENDED' } }), person.status);
      usersChanged();
      onDone();
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
  };
  return (
    <div className="mt-4">
      <Button onPress={() => void suspend()}>{t('suspend')}</Button>
    </div>
  );
}
