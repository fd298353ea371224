import type { ComponentProps } from 'react';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Ranked } from './charts.tsx';
import { Section } from './section.tsx';

interface RankingProps extends Pick<ComponentProps<typeof Ranked>, 'rows' | 'isNarrow'> {
  readonly title: string;
  readonly lead?: string;
  /** What is ranked, as the table's first column is called. */
  readonly of: string;
}
/** By what studies came, the most frequent first. */
export function Ranking({ title, lead, of, ...ranked }: RankingProps) {
  const t = useText('activity');
  const locale = useLocale();
  return (
    <Section title={title} lead={lead}>
      <Ranked {...ranked} label={title} head={[of, t('studies')]} format={(value) => formatNumber(value, locale)} />
    </Section>
  );
}
