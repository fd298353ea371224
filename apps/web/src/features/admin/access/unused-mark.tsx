import { useText } from '../../../i18n/index.ts';

/** Beside what was left alone for 90 days. */
export function UnusedMark() {
  const t = useText('access');
  return (
    <span className="ml-2 text-[13px] whitespace-nowrap text-amber">
      <b aria-hidden="true">!</b> {t('isUnused')}
    </span>
  );
}
