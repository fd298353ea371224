import { formatNumber } from '../../../i18n/format.ts';
import type { Locale, Text } from '../../../i18n/index.ts';
import type { Column } from '../../../ui/column.ts';

export const dim = (text: string) => <span className="text-dim">{text}</span>;

interface Words {
  readonly t: Text<'access'>;
  readonly locale: Locale;
}
/** How many patients a person or a node reaches. */
export const patientsColumn = <T extends { readonly patients: number }>({ t, locale }: Words): Column<T> => ({
  id: 'patients',
  header: t('patients'),
  track: '92px',
  sort: 'patients',
  end: true,
  cell: ({ patients }) => formatNumber(patients, locale),
});
