import { FileJson2 } from 'lucide-react';
import { useState } from 'react';
import { download } from '../api/client.ts';
import { errorText } from '../api/error.ts';
import { useLocale, useText } from '../i18n/index.ts';
import { IconButton } from '../ui/button.tsx';
import { saveFile } from '../ui/save-file.ts';
import { showToast } from '../ui/toast.tsx';

interface FhirDownloadProps {
  readonly of: 'fhirPatientEverything' | 'fhirEncounterEverything';
  readonly id: string;
  /** Of the patient: the file's name begins with it, and names nobody. */
  readonly recordNumber: string;
}
/** All that the reader may see of a patient or a consultation, as other programs take it. */
export function FhirDownload({ of, id, recordNumber }: FhirDownloadProps) {
  const t = useText('common');
  const locale = useLocale();
  const [isPending, setPending] = useState(false);
  const save = async (): Promise<void> => {
    setPending(true);
    try {
      const what = of === 'fhirPatientEverything' ? 'patient' : 'encounter';
      saveFile(await download(of, { params: { id }, language: locale }), `${recordNumber}-${what}.fhir.json`);
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setPending(false);
    }
  };
  return (
    <IconButton label={t('downloadFhir')} isDisabled={isPending} onPress={() => void save()}>
      <FileJson2 size={17} />
    </IconButton>
  );
}
