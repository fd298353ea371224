/** The type's number in PostgreSQL's own catalogue (pg_type.dat), and the length of one. */
const [UUID_OID, UUID_LENGTH] = ['00000b86', '00000010'];
/** Of one as text, with its hyphens. */
const UUID_CHARACTERS = 36;

/** A uuid[] as PostgreSQL takes it without reading text (array_recv): dimensions, no nulls, type, size and lower bound, then each with its length before it. */
function bytesOf(ids: readonly string[]): Buffer {
  const head = `0000000100000000${UUID_OID}${ids.length.toString(16).padStart(8, '0')}00000001`;
  const digits = `${head}${UUID_LENGTH}${ids.join(UUID_LENGTH)}`.replaceAll('-', '');
  const bytes = Buffer.from(digits, 'hex');
  // Bytes end before the first digit that is none, and at half a byte: what stands behind the last id counts as well.
  const isOfUuids = bytes.length === 20 * (ids.length + 1) && digits.length === 2 * bytes.length;
  if (!isOfUuids || ids.some((id) => id.length !== UUID_CHARACTERS)) throw new TypeError('What is no UUID stands among ids.');
  return bytes;
}

/**
 * Many ids for a parameter of the type uuid[], whose text PostgreSQL would otherwise read for as long as it takes to keep them. Typed as what it stands for. Fails with
 * TypeError where one is no UUID: here, for a value that fails while it is sent leaves a connection without the statement that it believes prepared.
 */
export function uuidArray(ids: readonly string[]): readonly string[] {
  if (ids.length === 0) return ids;
  const bytes = bytesOf(ids);
  // By this name node-postgres asks for a value.
  return { toPostgres: () => bytes } as unknown as readonly string[];
}
