import { createHash } from 'node:crypto';
import http from 'node:http';
import { permissionsOf } from '@negatoscope/contract';
import { fileOf, type Subject, somebody } from './guesses/files.ts';
import { runBench } from './support/bench.ts';
import { type Answer, answered, type Headers } from './support/client.ts';
import { type Ours, personalToken, startOurs } from './support/ours.ts';
import { quantile } from './support/statistics.ts';

const EMAIL = 'chercheuse@example.org';
const PASSWORD = 'Falaise-Tamis-93-Verger';
const BOUNDARY = 'negatoscope-guesses';
const STOW = { 'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}` };

const related = (files: readonly Buffer[]): Buffer =>
  Buffer.concat([
    ...files.flatMap((file) => [
      Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`),
      file,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
function post(url: string, headers: Headers, body: Buffer): Promise<Answer> {
  const started = performance.now();
  const request = http.request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': String(body.length) } });
  request.end(body);
  return answered(request, started);
}

async function made<T>(server: Ours, path: string, body: object, headers: Headers = server.headers): Promise<T> {
  const answer = await fetch(`${server.baseUrl}${path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T; // The contract's answer.
}

/** A guess about somebody of whom one file is stored, and the same about somebody of whom nothing is. */
interface Guess {
  readonly name: string;
  readonly path: string;
  readonly headers: Headers;
  body(stored: Subject): Buffer;
}

const stow = (name: string, of: (stored: Subject) => Buffer): Guess => ({
  name,
  path: '/dicom-web/studies',
  headers: STOW,
  body: (stored) => related([of(stored)]),
});

const guessesOf = (importId: string): readonly Guess[] => [
  stow('name, birth date and Patient ID', ({ PatientID, PatientName, PatientBirthDate }) =>
    fileOf({ ...somebody(), PatientID, PatientName, PatientBirthDate }),
  ),
  stow('Study Instance UID', ({ StudyInstanceUID }) => fileOf({ ...somebody(), StudyInstanceUID })),
  stow('SOP Instance UID, another file', (stored) => fileOf(stored, 'other')),
  stow('the file itself', (stored) => fileOf(stored)),
  {
    name: 'hash of the file (/known)',
    path: `/api/imports/${importId}/known`,
    headers: { 'content-type': 'application/json' },
    body: (stored) => {
      const file = fileOf(stored);
      const sha256 = createHash('sha256').update(file).digest('hex');
      return Buffer.from(JSON.stringify({ files: [{ name: 'guess', sizeBytes: file.length, sha256 }] }));
    },
  },
];

/** The share of pairs (right, wrong) in which the right one took longer: 0.5 tells nothing. */
function slowerShare(right: readonly number[], wrong: readonly number[]): number {
  let longer = 0;
  for (const a of right) for (const b of wrong) longer += a > b ? 1 : a === b ? 0.5 : 0;
  return longer / (right.length * wrong.length);
}

/** A group with so many stored subjects, and a researcher of it. */
async function setUp(server: Ours, stored: readonly Subject[]): Promise<Headers> {
  const group = await made<{ id: string }>(server, '/api/groups', { name: 'Guesses' });
  await made(server, '/api/users', {
    email: EMAIL,
    password: PASSWORD,
    firstName: 'Awa',
    lastName: 'Diop',
    role: 'RESEARCHER',
    groupId: group.id,
  });
  for (let at = 0; at < stored.length; at += 50) {
    const body = related(stored.slice(at, at + 50).map((one) => fileOf(one)));
    const { status } = await post(`${server.baseUrl}/dicom-web/groups/${group.id}/studies`, { ...server.headers, ...STOW }, body);
    if (status !== 200) throw new Error(`A store was answered with ${status}`);
  }
  const permissions = [...permissionsOf('RESEARCHER', 'WRITE')];
  return { authorization: `Bearer ${await personalToken(server.baseUrl, { email: EMAIL, password: PASSWORD, permissions })}` };
}

/** Whether the time of an answer tells a researcher that their guess about a stored patient was right: right and wrong guesses in turns, on one connection. */
await runBench('guesses', async (bench) => {
  const rounds = bench.quick ? 20 : 400;
  const server = await startOurs(bench);
  const guesses = guessesOf('');
  const stored = guesses.map(() => Array.from({ length: rounds + 20 }, somebody));
  const headers = await setUp(server, stored.flat());
  const { id } = await made<{ id: string }>(server, '/api/imports', {}, headers);
  const rows = [];
  for (const [number, guess] of guessesOf(id).entries()) {
    const times: [number[], number[]] = [[], []];
    for (const [round, subject] of (stored[number] ?? []).entries()) {
      for (const isWrong of round % 2 === 0 ? [0, 1] : [1, 0]) {
        const body = guess.body(isWrong === 1 ? somebody() : subject);
        const { status, ms } = await post(server.baseUrl + guess.path, { ...headers, ...guess.headers }, body);
        if (status !== 200) throw new Error(`${guess.name} was answered with ${status}`);
        if (round >= 20) times[isWrong]?.push(ms);
      }
    }
    const [right, wrong] = times;
    rows.push([
      guess.name,
      quantile(right, 0.5),
      quantile(wrong, 0.5),
      quantile(right, 0.95),
      quantile(wrong, 0.95),
      slowerShare(right, wrong),
    ]);
  }
  const columns = ['guess', 'right p50 ms', 'wrong p50 ms', 'right p95 ms', 'wrong p95 ms', 'right took longer, share of pairs'];
  bench.results.add({ title: `A researcher's guesses, ${rounds} right and ${rounds} wrong of each`, columns, rows });
  // Mann and Whitney's standard error of the share where both are alike.
  bench.results.note(
    `Alike: 0.5 ± ${(1.96 * Math.sqrt((2 * rounds + 1) / (12 * rounds * rounds))).toFixed(3)} in 95 of 100 runs.`,
  );
});
