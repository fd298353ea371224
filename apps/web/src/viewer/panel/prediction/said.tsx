import type { Opinion, Prediction, Validation } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { CheckCircle2, CircleDashed, XCircle } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { call } from '../../../api/client.ts';
import { formatInstant } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { Coming } from '../section.tsx';

/** What stands; that nothing does is said as well. */
export function Standing({ prediction: { validation } }: { readonly prediction: Prediction }) {
  const t = useText('viewer');
  const isTaken = validation !== null && validation.status !== 'REJECTED';
  const Icon = validation === null ? CircleDashed : isTaken ? CheckCircle2 : XCircle;
  return (
    <div data-testid="standing" data-status={validation?.status ?? 'NONE'} className="flex w-full items-start gap-1.5 text-sm">
      <Icon size={16} aria-hidden className={`mt-0.5 shrink-0 ${isTaken ? 'text-(--ng-accent)' : 'text-(--ng-amber)'}`} />
      {validation === null ? <span>{t('prediction.notFinal')}</span> : <Decided validation={validation} />}
    </div>
  );
}

function Decided({ validation: { status, by, at, comment, finalDiagnosis } }: { readonly validation: Validation }) {
  const t = useText('viewer');
  const locale = useLocale();
  return (
    <div className="min-w-0">
      <p>{t(`prediction.status_${status}`)}</p>
      {finalDiagnosis !== null && (
        <p className="text-xs">
          {t(`prediction.finding_${finalDiagnosis.finding}`)} ({t(`prediction.source_${finalDiagnosis.source}`)})
        </p>
      )}
      {comment !== null && comment !== '' && <p className="break-words text-xs">{comment}</p>}
      <p className="text-(--ng-text-dim) text-xs">
        {by ?? '–'}, {formatInstant(at, locale)}
      </p>
    </div>
  );
}

function Said({ opinion: { opinion, comment, isBlind, isAmendment, by, at } }: { readonly opinion: Opinion }) {
  const t = useText('viewer');
  const locale = useLocale();
  return (
    <div className="min-w-0">
      <p>{t('prediction.saw', { opinion: t(`prediction.opinion_${opinion}`) })}</p>
      {comment !== null && comment !== '' && <p className="break-words text-xs">{comment}</p>}
      <p className="text-(--ng-text-dim) text-xs">
        {by ?? '–'}, {formatInstant(at, locale)}
        {isBlind && ` · ${t('prediction.wasBlind')}`}
        {isAmendment && ` · ${t('prediction.isAmendment')}`}
      </p>
    </div>
  );
}

interface FoldProps {
  readonly title: string;
  readonly children: () => ReactNode;
}

/** What is made when it is opened, and not before. */
export function Fold({ title, children }: FoldProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="w-full text-xs" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="cursor-default py-1.5 text-(--ng-text-dim) outline-none focus-visible:ring-2 focus-visible:ring-(--ng-accent) pointer-coarse:py-3">
        {title}
      </summary>
      {isOpen && children()}
    </details>
  );
}

/** All that was decided and said, the newest first. */
export function History({ prediction: { id, validation, ownOpinion } }: { readonly prediction: Prediction }) {
  const { data } = useQuery({
    queryKey: ['predictions', 'said', id, validation?.id, ownOpinion?.id],
    queryFn: ({ signal }) => call('listSaid', { params: { id }, signal }),
  });
  const t = useText('viewer');
  if (data === undefined) return <Coming />;
  const lines = [
    ...data.items.map((one) => ({ at: one.at, id: one.id, line: <Decided validation={one} /> })),
    ...data.opinions.map((one) => ({ at: one.at, id: one.id, line: <Said opinion={one} /> })),
  ].sort((a, b) => (a.at < b.at ? 1 : -1));
  if (lines.length === 0) return <p className="text-(--ng-text-dim)">{t('prediction.noHistory')}</p>;
  return (
    <ol className="flex flex-col gap-2 text-sm" data-testid="said">
      {lines.map((one) => (
        <li key={one.id}>{one.line}</li>
      ))}
    </ol>
  );
}

/** The card of the model that judged, as its maker wrote it. */
export function ModelCard({ prediction: { modelName, modelVersion } }: { readonly prediction: Prediction }) {
  const t = useText('viewer');
  const { data } = useQuery({
    queryKey: ['models'],
    queryFn: ({ signal }) => call('listModels', { signal }),
    staleTime: 5 * 60_000,
  });
  if (data === undefined) return <Coming />;
  const model = data.items.find(({ name, version }) => name === modelName && version === modelVersion);
  if (model === undefined) return <p className="text-(--ng-text-dim)">{t('prediction.noCard')}</p>;
  return (
    <div className="max-h-96 overflow-y-auto whitespace-pre-wrap break-words rounded-md bg-(--ng-surface-2) p-2 leading-relaxed">
      {model.card}
    </div>
  );
}
