import type { ManagedUser, ProviderIdentity } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useUser } from '../../api/me.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SearchBox } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { usersChanged } from './user-status.ts';
import { providerName, useWays } from './user-ways.ts';

/** For somebody who waits and has an account here already: an administrator answers for both being one person. */
export function JoinUser({ user, onDone }: { user: ManagedUser; onDone: () => void }) {
  const t = useText('people');
  const [isOpen, setOpen] = useState(false);
  const [identity] = user.identities;
  if (identity === undefined) return null;
  return (
    <>
      <Button onPress={() => setOpen(true)}>{t('join')}</Button>
      <Dialog title={t('joinTitle', { name: formatName(user) })} isOpen={isOpen} onClose={() => setOpen(false)} wide>
        <Join user={user} identity={identity} onClose={() => setOpen(false)} onDone={onDone} />
      </Dialog>
    </>
  );
}

interface JoinProps {
  readonly user: ManagedUser;
  readonly identity: ProviderIdentity;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function Join({ user, identity, onClose, onDone }: JoinProps) {
  const t = useText('people');
  const common = useText('common');
  const locale = useLocale();
  const [into, setInto] = useState<ManagedUser>();
  const { failure, isPending, run } = useSubmit(async () => {
    if (into === undefined) return;
    const { issuer, subject } = identity;
    await call('joinUser', { params: { id: user.id }, body: { issuer, subject, into: into.id } });
    usersChanged();
    showToast(t('joined', { name: formatName(into) }));
    onDone();
  });
  const provider = providerName(identity);
  return (
    <div className="flex flex-col gap-4">
      <p className="text-dim">{t('joinText', { provider })}</p>
      <Notice tone="amber">{t('joinWarning', { provider })}</Notice>
      <WhoWaits user={user} identity={identity} />
      <Target chosen={into} onChoose={setInto} />
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onPress={onClose}>{common('cancel')}</Button>
        <Button kind="primary" isPending={isPending} isDisabled={into === undefined} onPress={() => void run()}>
          {into === undefined ? t('join') : t('joinConfirm', { name: formatName(into) })}
        </Button>
      </div>
    </div>
  );
}

function WhoWaits({ user, identity }: Pick<JoinProps, 'user' | 'identity'>) {
  const t = useText('people');
  return (
    <dl className="rounded-lg border border-line px-3.5 py-2.5">
      <dt className="text-[13px] text-dim">{t('joinFrom')}</dt>
      <dd>
        {formatName(user)}, {user.email}
      </dd>
      <dt className="mt-1 text-[13px] text-dim">{t('joinSubject', { provider: providerName(identity) })}</dt>
      <dd className="font-mono text-[12px] break-all">
        {identity.issuer} · {identity.subject}
      </dd>
    </dl>
  );
}

const MOST = 6;

/** Active accounts but one's own, once something is searched: nobody is proposed by likeness. */
function Target({ chosen, onChoose }: { chosen: ManagedUser | undefined; onChoose: (user: ManagedUser) => void }) {
  const t = useText('people');
  const me = useUser();
  const [q, setQ] = useState('');
  const { data } = useQuery({
    queryKey: ['users', 'targets', q],
    queryFn: ({ signal }) => call('listUsers', { query: { q, status: 'ACTIVE', limit: MOST }, signal }),
    enabled: q !== '',
  });
  const found = data?.items.filter(({ id }) => id !== me?.id) ?? [];
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-[13px] font-medium text-dim">{t('joinInto')}</legend>
      <SearchBox value={q} label={t('joinSearch')} placeholder={t('joinSearch')} isPageSearch={false} onChange={setQ} />
      {q !== '' && data !== undefined && found.length === 0 && <p className="text-[13px] text-dim">{t('joinNobody')}</p>}
      {q !== '' &&
        found.map((user) => <TargetLine key={user.id} user={user} isChosen={user.id === chosen?.id} onChoose={onChoose} />)}
    </fieldset>
  );
}

function TargetLine({
  user,
  isChosen,
  onChoose,
}: {
  user: ManagedUser;
  isChosen: boolean;
  onChoose: (user: ManagedUser) => void;
}) {
  const t = useText('people');
  const common = useText('common');
  const waysOf = useWays();
  return (
    <label className="flex min-h-9 cursor-pointer items-center gap-3 rounded-lg px-2 py-1 hover:bg-surface-2 coarse:min-h-11">
      <input
        type="radio"
        name="join-into"
        checked={isChosen}
        onChange={() => onChoose(user)}
        className="size-4 accent-(--ng-accent)"
      />
      <span className="min-w-0">
        <span className="font-medium">{formatName(user)}</span> <span className="break-all">{user.email}</span>{' '}
        <span className="text-[13px] text-dim">
          {common(`role${user.role}`)}. {t('waysLead', { ways: waysOf(user) })}
        </span>
      </span>
    </label>
  );
}
