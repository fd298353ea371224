import type { Result } from '../../api/operation.ts';
import { useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';

type Move = Result<'previewPatientMove'>;

/** What follows of a move into another group: who gains, who loses sight, and what goes along. */
export function Follows({ move }: { move: Move }) {
  const t = useText('access');
  const what = move.goesAlong.map((one) => t(`along_${one.what}`, { count: one.count })).join(', ');
  return (
    <div className="flex flex-col gap-2">
      {move.isRefused && <Notice tone="danger">{t('moveRefused')}</Notice>}
      <People sign="+" title={t('moveGain', { count: move.gain.count })} people={move.gain} />
      <People sign="−" title={t('moveLose', { count: move.lose.count })} people={move.lose} />
      <p>{t('moveAlong', { what })}</p>
      <p className="text-[13px] text-dim">{t('moveProjects')}</p>
    </div>
  );
}

function People({ sign, title, people }: { sign: string; title: string; people: Move['gain'] }) {
  const rest = people.count > people.names.length ? '…' : '';
  return (
    <div>
      <p className="font-medium">
        <b aria-hidden="true" className="mr-2 text-amber">
          {sign}
        </b>
        {title}
      </p>
      {people.count > 0 && (
        <p className="pl-5 text-[13px] text-dim">
          {people.names.join(', ')}
          {rest}
        </p>
      )}
    </div>
  );
}
