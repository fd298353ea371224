import { errorText } from '../../api/error.ts';
import { useLocale } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { Row } from './row.tsx';

interface CareLoadingProps {
  readonly label: string;
  readonly error: Error | null;
  readonly onRetry: () => void;
}

/** A card of the system page that has not come yet, or does not come. */
export function CareLoading({ label, error, onRetry }: CareLoadingProps) {
  const locale = useLocale();
  return (
    <dl className="ng-card mt-5 px-5 py-2">
      <Row label={label}>
        {error === null ? <Skeleton width={120} /> : <LoadError message={errorText(error, locale)} onRetry={onRetry} />}
      </Row>
    </dl>
  );
}
