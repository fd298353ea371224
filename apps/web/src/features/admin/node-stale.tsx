import type { DicomNode, Group } from '@negatoscope/contract';
import { useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { type Text, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { untouched } from '../../ui/untouched.ts';
import { changedFields, type NodeField, type NodeFields, valuesOf } from './node-values.ts';

/** A node as somebody else saved it meanwhile, and what of that nobody touched here: the form has taken it over. */
export interface Stale {
  readonly saved: NodeFields;
  readonly taken: readonly NodeField[];
}

/** The node as the form began with it, until somebody else's version is read: what is saved then goes upon that one. */
export function useStale(node: DicomNode | undefined, form: UseFormReturn<NodeFields>) {
  const [base, setBase] = useState(node);
  const [stale, setStale] = useState<Stale>();
  /** Whether the node is still there. Fails as the list of nodes does. */
  const readAgain = async (): Promise<boolean> => {
    const { items } = await call('listNodes');
    const current = items.find(({ id }) => id === base?.id);
    if (current === undefined) return false;
    const now = valuesOf(current);
    const taken = untouched(changedFields, { before: valuesOf(base), now, mine: form.getValues() });
    for (const field of taken) form.setValue(field, now[field]);
    setBase(current);
    setStale({ saved: now, taken });
    return true;
  };
  return { base, stale, readAgain };
}

const LABELS = { name: 'nodeName', host: 'nodeHost', port: 'nodePort', groupId: 'nodeGroup' } as const;
const labelOf = (field: NodeField, t: Text<'admin'>): string =>
  field === 'name' || field === 'host' || field === 'port' || field === 'groupId' ? t(LABELS[field]) : t(field);

interface Shown {
  readonly fields: NodeFields;
  readonly field: NodeField;
  readonly groups: readonly Group[];
}
function useShown() {
  const t = useText('admin');
  const patients = useText('patients');
  return ({ fields, field, groups }: Shown): string => {
    const value = fields[field];
    if (typeof value === 'boolean') return t(value ? 'rightOpen' : 'rightClosed');
    if (field === 'groupId') return groups.find(({ id }) => id === value)?.name ?? t(value === '' ? 'noGroup' : 'goneGroup');
    return value === '' ? patients('notGiven') : value;
  };
}

function Said({ whose, value }: { readonly whose: string; readonly value: string }) {
  return (
    <span className="min-w-32 flex-1 break-words">
      <span className="block text-[12px] text-dim">{whose}</span>
      {value}
    </span>
  );
}

interface Props extends Stale {
  readonly form: UseFormReturn<NodeFields>;
  readonly groups: readonly Group[];
}

/** Both versions of what two people changed; nothing typed is lost, and saving again is a decision. */
export function StaleNotice({ saved, taken, form, groups }: Props) {
  const t = useText('admin');
  const patients = useText('patients');
  const shown = useShown();
  const mine = form.watch();
  return (
    <Notice tone="amber">
      <p className="font-semibold">{t('nodeStale')}</p>
      <p className="text-dim">{t('nodeStaleText')}</p>
      <ul className="mt-3 flex flex-col gap-2 text-[13px]">
        {[...taken, ...changedFields(saved, mine)].map((field) => (
          <li key={field} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-amber/30 pt-2">
            <span className="w-40 font-medium">{labelOf(field, t)}</span>
            {saved[field] !== mine[field] && <Said whose={patients('mine')} value={shown({ fields: mine, field, groups })} />}
            <Said whose={patients('theirs')} value={shown({ fields: saved, field, groups })} />
            {saved[field] !== mine[field] && (
              <Button size="small" onPress={() => form.setValue(field, saved[field], { shouldDirty: true })}>
                {patients('take')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
