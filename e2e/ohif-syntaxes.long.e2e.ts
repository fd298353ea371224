import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { latestStudy, storeFiles } from './support/dicom.ts';
import { isLong } from './support/long.ts';
import { isOhifPrepared, keepScreenshot, untilImages } from './support/ohif.ts';
import { setStage } from './support/stage.ts';
import { TESTDATA, underOwnUids } from './support/testdata.ts';

const hasTestData = existsSync(TESTDATA);

/** The last part of 1.2.840.10008.1.2 → one file with it. That in `npm test` needs a codec that is WebAssembly. */
const USUAL: Readonly<Record<string, string>> = {
  '.4.90': 'cornerstone3D/CTImage.dcm_JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90.dcm',
};
/** Not 1.2.840.10008.1.2.4.53 and .55 (retired, progressive, 12 bits): OHIF's codecs have no decoder for them; our own viewer draws them. */
const OTHERS: Readonly<Record<string, string>> = {
  '': 'pydicom/MR_small_implicit.dcm',
  '.1': 'pydicom/CT_small.dcm',
  '.1.99': 'pydicom/image_dfl.dcm',
  '.2': 'pydicom/MR_small_bigendian.dcm',
  '.4.50': 'pydicom/SC_rgb_dcmtk_+eb+cy+np.dcm',
  '.4.57': 'cornerstone3D/CTImage.dcm_JPEGProcess14TransferSyntax_1.2.840.10008.1.2.4.57.dcm',
  '.4.51': 'cornerstone3D/CTImage.dcm_JPEGProcess2_4TransferSyntax_1.2.840.10008.1.2.4.51.dcm',
  '.4.70': 'pydicom-data/JPGLosslessP14SV1_1s_1f_8b.dcm',
  '.4.80': 'cornerstone3D/CTImage.dcm_JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80.dcm',
  '.4.81': 'cornerstone3D/TestPattern_JPEG-LS-NearLossless.dcm',
  '.4.91': 'pydicom/JPEG2000.dcm',
  '.5': 'pydicom/SC_rgb_rle.dcm',
};
const FILES = Object.entries(isLong ? { ...USUAL, ...OTHERS } : USUAL);

describe.skipIf(chromiumPath === undefined || !isOhifPrepared || !hasTestData)(
  `OHIF draws each transfer syntax${hasTestData ? '' : ' (left out: the test data are not here)'}`,
  () => {
    let tab: Tab;
    setStage((stage) => {
      tab = stage.tab;
    });

    it.each(FILES.map(([syntax, file], index) => ({ syntax: `1.2.840.10008.1.2${syntax}`, file, index })))(
      '$syntax',
      async ({ syntax, file, index }) => {
        expect(await storeFiles(tab, [underOwnUids(file, index)])).toBe(200);
        await tab.page.goto(`/viewer/viewer?StudyInstanceUIDs=${await latestStudy(tab)}`, { timeout: 90_000 });
        const shares = await untilImages(tab.page).finally(() => keepScreenshot(tab.page, `ohif-${syntax}`));
        expect(shares.length).toBeGreaterThan(0);
        expect(tab.problems.filter((problem) => /Content Security Policy|Refused to|unsafe-eval/.test(problem))).toEqual([]);
      },
    );
  },
);
