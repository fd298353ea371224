import {
  LEVELS,
  type Level,
  PERMISSION_LEVELS,
  PERMISSIONS,
  type Permission,
  permissionsOf,
  ROLE_PERMISSIONS,
  ROLES,
  type Role,
} from '@negatoscope/contract/permissions';
import { useState } from 'react';
import { useText } from '../../i18n/index.ts';
import { cx } from '../../ui/cx.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FilterSelect, Segments } from '../../ui/field.tsx';

interface Rights {
  readonly role: Role;
  readonly level: Level;
}

function RightsAt({ role, level, at }: Rights & { readonly at: Level }) {
  const t = useText('people');
  const common = useText('common');
  const all = ROLE_PERMISSIONS[role].filter((permission) => PERMISSION_LEVELS[permission] === at);
  if (all.length === 0) return null;
  const has = permissionsOf(role, level);
  const isCapped = all.some((permission) => !has.has(permission));
  const title = t('rightsAt', { level: common(`level${at}`) });
  return (
    <section className="min-w-0">
      <h3 className="text-[13px] font-medium text-dim">
        {title}
        {isCapped && ` (${t('rightsCapped')})`}
      </h3>
      <ul className="mt-1 flex flex-col gap-0.5">
        {all.map((permission) => (
          <RightLine key={permission} permission={permission} isAllowed={has.has(permission)} />
        ))}
      </ul>
    </section>
  );
}

function RightLine({ permission, isAllowed }: { permission: Permission; isAllowed: boolean }) {
  const t = useText('people');
  return (
    <li className={cx('flex gap-2', !isAllowed && 'text-dim')}>
      <span aria-hidden="true" className={isAllowed ? 'text-accent' : ''}>
        {isAllowed ? '✓' : '–'}
      </span>
      {t(`may.${permission}`)}
    </li>
  );
}

/** What somebody with this role and level may do, in words, from the permissions that the server goes by. */
export function RightsInWords({ role, level }: Rights) {
  const t = useText('people');
  const never = PERMISSIONS.filter((permission) => !ROLE_PERMISSIONS[role].includes(permission));
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        {LEVELS.map((at) => (
          <RightsAt key={at} role={role} level={level} at={at} />
        ))}
      </div>
      <details>
        <summary className="cursor-pointer text-[13px] text-dim">{t('rightsNever')}</summary>
        <ul className="mt-1 grid gap-x-4 gap-y-0.5 sm:grid-cols-2">
          {never.map((permission) => (
            <RightLine key={permission} permission={permission} isAllowed={false} />
          ))}
        </ul>
      </details>
    </div>
  );
}

/** Every role at every level, to be looked up before one is given. */
export function RolesDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useText('people');
  const admin = useText('admin');
  const common = useText('common');
  const [{ role, level }, setRights] = useState<Rights>({ role: 'RADIOLOGIST', level: 'WRITE' });
  const find = <T extends string>(all: readonly T[], value: string, otherwise: T): T =>
    all.find((one) => one === value) ?? otherwise;
  return (
    <Dialog title={t('rights')} isOpen={isOpen} onClose={onClose} wide>
      <p className="text-dim">{t('rightsLead')}</p>
      <div className="flex flex-wrap items-center gap-2">
        <FilterSelect
          label={admin('role')}
          value={role}
          onChange={(value) => setRights({ role: find(ROLES, value, role), level })}
          choices={ROLES.map((value) => ({ value, label: common(`role${value}`) }))}
        />
        <Segments
          label={admin('level')}
          value={level}
          onChange={(value) => setRights({ role, level: find(LEVELS, value, level) })}
          choices={LEVELS.map((value) => ({ value, label: common(`level${value}`) }))}
        />
      </div>
      <RightsInWords role={role} level={level} />
    </Dialog>
  );
}
