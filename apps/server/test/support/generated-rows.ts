import type { Client } from 'pg';

/** How many rows to make; `groups` are partitions beside the one of patients without a group. */
export interface RowPlan {
  readonly patients: number;
  readonly studies: number;
  readonly groups: readonly string[];
  readonly seed?: number;
}

const GIVEN = (
  'Marie Jean Pierre Sylvie Nathalie Michel Isabelle Philippe Françoise Alain Catherine Nicolas Émilie Léa Chloé Zoé Hélène Aurélie ' +
  'Thierry Bruno Céline Julien Camille Sébastien Valérie Stéphane Laurence Frédéric Sandrine Olivier Karine Éric Véronique Laurent ' +
  'Amadou Fatou Mohamed Aïcha Youssef Khadija Nguyễn Linh Wei João Inês Paweł Agnieszka Søren Jürgen Özlem Mehmet Ana Ibrahim Awa Bintou'
).split(' ');
const STEMS =
  'mart bern dub thom rob rich pet dur ler mor sim laur lef mich garc dav bert rous vinc four gir andr merc dup lamb bonn'.split(
    ' ',
  );
const MIDDLES = 'i e o a ou ai au in on er el ar il'.split(' ');
const ENDS = 'n nd nt rd t s x l lle tte ot eau ier in ard and olle ez aud oux ieux ain on'.split(' ');
const DESCRIPTIONS = [
  'Thorax',
  'Scanner cérébral',
  'IRM genou',
  'Thorax face',
  'Échographie abdominale',
  'TDM thoraco-abdomino-pelvien',
  'Rachis',
];
const MODALITIES = ['CR', 'CT', 'MR', 'DX', 'US', 'MG'];

/** Small generator of numbers in [0, 1), the same for the same seed. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Fills an empty index with patients and studies as the owner, then vacuums and gathers statistics. About a minute for 100,000 and 200,000. */
export async function fillRows(owner: Client, plan: RowPlan): Promise<void> {
  // Building an inverted index at once is several times quicker than row by row.
  const { rows: inverted } = await owner.query<{ indexname: string; indexdef: string }>(
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '% USING gin %'",
  );
  for (const { indexname } of inverted) await owner.query(`DROP INDEX ${indexname}`);
  await insertRows(owner, plan);
  for (const { indexdef } of inverted) await owner.query(indexdef);
  await owner.query('VACUUM (ANALYZE)');
}

async function insertRows(owner: Client, plan: RowPlan): Promise<void> {
  const next = random(plan.seed ?? 7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T; // The index is below the length.
  for (const [index, id] of plan.groups.entries()) {
    await owner.query('INSERT INTO groups (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [id, `Groupe ${index}`]);
  }
  const idOf = (kind: string, index: number): string => `019a0000-0000-7000-${kind}-${index.toString(16).padStart(12, '0')}`;
  const groupOf = (index: number): string | null =>
    index % 2 === 0 ? null : (plan.groups[(index >> 1) % Math.max(1, plan.groups.length)] ?? null);
  const family = (): string => {
    const name =
      pick(STEMS) + pick(MIDDLES) + (next() < 0.4 ? pick(['l', 'r', 'v', 'm', 'd', 'g']) + pick(MIDDLES) : '') + pick(ENDS);
    return name.toUpperCase();
  };
  const day = (from: number, span: number): string =>
    new Date(Date.UTC(from, 0, 1) + Math.floor(next() * span) * 86_400_000).toISOString().slice(0, 10);
  const status = (): string =>
    next() < 0.002 ? 'IN_PROGRESS' : next() < 0.1 ? 'TO_READ' : next() < 0.05 ? 'ARCHIVED' : 'VALIDATED';
  const insert = async (text: string, rows: readonly unknown[][]): Promise<void> => {
    const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]));
    if (rows.length > 0) await owner.query(text, columns);
  };

  for (let start = 0; start < plan.patients; start += 10_000) {
    const rows: unknown[][] = [];
    for (let index = start; index < Math.min(plan.patients, start + 10_000); index += 1) {
      rows.push([
        idOf('8000', index),
        groupOf(index),
        next() < 0.9 ? `IPP${(index * 7919) % 10_000_000}` : null,
        family(),
        pick(GIVEN),
        next() < 0.97 ? day(1930, 34_000) : null,
        pick(['M', 'F', 'O', 'U']),
        status(),
        next() < 0.003 ? 'IDENTITY_REVIEW' : 'CONFIRMED',
        next() < 0.95 ? day(2015, 4000) : null,
        new Date(Date.UTC(2020, 0, 1) + index * 60_000).toISOString(),
      ]);
    }
    await insert(
      `INSERT INTO patients (id, group_id, external_id, family_name, given_name, birth_date, sex, status, identity_status, last_study_at, created_at)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[], $8::text[], $9::text[], $10::date[], $11::timestamptz[])`,
      rows,
    );
  }
  for (let start = 0; start < plan.studies; start += 10_000) {
    const rows: unknown[][] = [];
    for (let index = start; index < Math.min(plan.studies, start + 10_000); index += 1) {
      const patient = index % plan.patients;
      rows.push([
        idOf('9000', index),
        groupOf(patient),
        idOf('8000', patient),
        `2.25.${1_000_000 + index}`,
        next() < 0.97 ? day(2015, 4000) : null,
        index % 5 === 0 ? null : new Date((index * 7919) % 86_400_000).toISOString().slice(11, 19),
        `ACC${(index * 104_729) % 100_000_000}`,
        pick(DESCRIPTIONS),
        next() < 0.002 ? 'PT' : pick(MODALITIES),
        status(),
        new Date(Date.UTC(2020, 0, 1) + index * 30_000).toISOString(),
      ]);
    }
    await insert(
      `INSERT INTO studies (id, group_id, patient_id, study_instance_uid, study_date, study_time, accession_number, description, modalities, status, received_at, series_count, instance_count, size_bytes)
       SELECT a, b, c, d, e, o, f, g, ARRAY[h], i, j, 2, 100, 52428800
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::timestamptz[]) AS t(a, b, c, d, e, o, f, g, h, i, j)`,
      rows,
    );
  }
}
