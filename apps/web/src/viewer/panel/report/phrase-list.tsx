import { useText } from '../../../i18n/index.ts';
import { Fold } from '../prediction/said.tsx';
import type { Phrases } from './phrases.ts';

/** What abbreviations stand for. */
export function PhraseList({ phrases }: { readonly phrases: Phrases }) {
  const t = useText('viewer');
  return (
    <Fold title={t('report.phrases')}>
      {() => (
        <dl className="grid grid-cols-[auto_1fr] gap-x-2 gap-y-1">
          <dd className="col-span-2 text-(--ng-text-dim)">{t('report.phrasesHint')}</dd>
          {[...phrases].map(([short, text]) => (
            <div key={short} className="contents">
              <dt className="font-mono">.{short}</dt>
              <dd className="min-w-0 break-words whitespace-pre-line">{text}</dd>
            </div>
          ))}
        </dl>
      )}
    </Fold>
  );
}
