import { useText } from '../../../i18n/index.ts';
import { Button } from '../../../ui/button.tsx';
import { FileButton } from '../../../ui/file-button.tsx';
import { showToast } from '../../../ui/toast.tsx';

const MOST_BYTES = 300 * 1024;

interface LogoProps {
  /** In base64. */
  readonly logo: string | null;
  readonly onChange: (logo: string | null) => void;
}

async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** A logo, shown as it is kept. */
export function LogoField({ logo, onChange }: LogoProps) {
  const t = useText('reports');
  const take = (file: File): void => {
    if (file.size > MOST_BYTES) showToast(t('logoTooLarge'), { tone: 'danger' });
    else void base64Of(file).then(onChange);
  };
  return (
    <div className="flex flex-col gap-1.5">
      <span className="text-[13px] font-medium text-dim">{t('logo')}</span>
      <div className="flex flex-wrap items-center gap-3">
        {logo !== null && (
          <span className="rounded-lg border border-line bg-white p-1">
            <img
              // What it is, its bytes say: the server takes PNG and JPEG only.
              src={`data:image/${logo.startsWith('/9j/') ? 'jpeg' : 'png'};base64,${logo}`}
              alt={t('logo')}
              className="h-14 max-w-40 object-contain"
            />
          </span>
        )}
        <FileButton label={t('logoChoose')} accept="image/png,image/jpeg" size="small" onFile={take} />
        {logo !== null && (
          <Button size="small" kind="quiet" onPress={() => onChange(null)}>
            {t('logoRemove')}
          </Button>
        )}
      </div>
      <p className="text-[13px] text-dim">{t('logoHint')}</p>
    </div>
  );
}
