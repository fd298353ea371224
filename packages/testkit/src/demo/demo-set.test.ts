import { describe, expect, it } from 'vitest';
import type { GeneratedInstance } from '../phantom/instance.ts';
import { parse } from '../testing/read-back.ts';
import { demoSet } from './demo-set.ts';
import { PATIENTS, STUDIES } from './hospital.ts';

async function take(count: number, today: Date): Promise<GeneratedInstance[]> {
  const taken: GeneratedInstance[] = [];
  for await (const instance of demoSet({ seed: 'demo', today })) {
    taken.push(instance);
    if (taken.length === count) break;
  }
  return taken;
}

describe('demoSet', () => {
  it('has 12 patients of both character sets, priors, and every kind of examination', () => {
    expect(PATIENTS.length).toBe(12);
    expect(new Set(PATIENTS.map((patient) => patient.characterSet)).size).toBe(2);
    expect(new Set(STUDIES.map((study) => study.patient)).size).toBe(12);
    expect(new Set(STUDIES.map((study) => study.phantom))).toEqual(
      new Set(['ct-thorax', 'ct-head', 'mr-brain', 'mr-knee', 'chest', 'us', 'sc']),
    );
    const chests = STUDIES.filter((study) => study.phantom === 'chest').map((study) => study.patient);
    expect(new Set(chests).size).toBe(8);
    expect(chests.length).toBeGreaterThan(8);
  });
  it('counts study dates back from today and names folders by patient and accession number', async () => {
    const [instance] = await take(1, new Date(Date.UTC(2027, 2, 3)));
    if (!instance) throw new Error('nothing made');
    // UTF-8 under ISO_IR 192 (PS3.5 6.1).
    expect(Buffer.from(instance.bytes).includes(Buffer.from('DIALLO^Aïssatou', 'utf8'))).toBe(true);
    const parsed = parse(instance.bytes);
    expect(parsed.string('x00080020')).toBe('20270301');
    expect(parsed.string('x00101010')).toBe('041Y');
    expect(instance.fileName).toBe(`HSC-100377/${parsed.string('x00080050')}/chest-1-0001.dcm`);
  });
});
