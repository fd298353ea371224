/** Explicit VR little endian, what octets without a transfer syntax are (PS3.18 8.7.3.3.2). */
const DEFAULT_TRANSFER_SYNTAX = '1.2.840.10008.1.2.1';

const SYNTAX_OF_MEDIA_TYPE: Readonly<Record<string, string>> = {
  'image/jpeg': '1.2.840.10008.1.2.4.50',
  'image/x-dicom-rle': '1.2.840.10008.1.2.5',
  'image/dicom-rle': '1.2.840.10008.1.2.5',
  'image/jls': '1.2.840.10008.1.2.4.80',
  'image/jp2': '1.2.840.10008.1.2.4.90',
  'image/jpx': '1.2.840.10008.1.2.4.92',
  'image/jphc': '1.2.840.10008.1.2.4.201',
  'image/jxl': '1.2.840.10008.1.2.4.110',
};

/** A parameter of a media type (RFC 9110 8.3.1), quotes removed. */
function mediaTypeParameter(value: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(value);
  return match?.[1] ?? match?.[2];
}

function transferSyntaxOf(contentType: string): string {
  const named = mediaTypeParameter(contentType, 'transfer-syntax');
  if (named !== undefined && named !== '*') return named;
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  return SYNTAX_OF_MEDIA_TYPE[mediaType] ?? DEFAULT_TRANSFER_SYNTAX;
}

function indexOf(bytes: Uint8Array, pattern: Uint8Array, from: number): number {
  const first = pattern[0];
  if (first === undefined) return -1;
  for (let start = bytes.indexOf(first, from); start !== -1; start = bytes.indexOf(first, start + 1)) {
    if (pattern.every((byte, index) => bytes[start + index] === byte)) return start;
  }
  return -1;
}

function lastIndexOf(bytes: Uint8Array, pattern: Uint8Array): number {
  for (let start = bytes.length - pattern.length; start >= 0; start -= 1) {
    if (pattern.every((byte, index) => bytes[start + index] === byte)) return start;
  }
  return -1;
}

/**
 * The octets of the first part of a multipart/related answer (RFC 2387) of one part, or of a single-part answer.
 * The closing boundary is looked for from the end, so that pixel bytes are not scanned. Undefined when the answer is cut or malformed.
 */
export function parseFramePart(
  contentType: string,
  body: Uint8Array,
): { bytes: Uint8Array; transferSyntaxUid: string } | undefined {
  if (!/^multipart\//i.test(contentType)) {
    return body.length === 0 ? undefined : { bytes: body, transferSyntaxUid: transferSyntaxOf(contentType) };
  }
  const boundary = mediaTypeParameter(contentType, 'boundary');
  const encoder = new TextEncoder();
  const headerEnd = indexOf(body, encoder.encode('\r\n\r\n'), 0);
  if (boundary === undefined || headerEnd === -1) return undefined;
  const start = headerEnd + 4;
  const end = lastIndexOf(body, encoder.encode(`\r\n--${boundary}`));
  if (end < start) return undefined;
  const headers = new TextDecoder('latin1').decode(body.subarray(0, headerEnd));
  const partType = /^content-type:\s*(.+)$/im.exec(headers)?.[1]?.trim() ?? '';
  return { bytes: body.slice(start, end), transferSyntaxUid: transferSyntaxOf(partType) };
}
