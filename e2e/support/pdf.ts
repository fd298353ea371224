import { type Dataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';

/** A PDF of one page with one line of text (ISO 32000-1 7.5), and a script that a reader might run when it is opened. */
export function makePdf(line: string, script?: string): Uint8Array {
  const escaped = line.replace(/[\\()]/g, '\\$&');
  const content = `BT /F1 24 Tf 60 700 Td (${escaped}) Tj ET`;
  const objects = [
    `<</Type/Catalog/Pages 2 0 R${script === undefined ? '' : '/OpenAction 6 0 R'}>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
    ...(script === undefined ? [] : [`<</S/JavaScript/JS(${script.replace(/[\\()]/g, '\\$&')})>>`]),
  ];
  let text = '%PDF-1.4\n';
  const places = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const start = text.length;
  const rows = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`;
  text += `trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/** A value of even length, as every element has (PS3.5 7.1). */
export const even = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: bytes.length + (bytes.length % 2) }, (_, at) => bytes[at] ?? 0);

/** An Encapsulated PDF (PS3.3 A.45.1) that holds these bytes, whatever they are. */
export const encapsulatedPdf = (bytes: Uint8Array, dataset: Dataset): Uint8Array =>
  writePart10(
    {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.104.1',
      Modality: 'DOC',
      ...dataset,
      '00420011': { vr: 'OB', value: even(bytes) },
      '00420012': { vr: 'LO', value: 'application/pdf' },
      '00420015': { vr: 'UL', value: bytes.length },
    },
    { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian },
  );
