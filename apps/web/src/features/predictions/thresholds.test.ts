import { Model, ModelChoice, ModelThreshold } from '@negatoscope/contract';
import { describe, expect, it } from 'vitest';
import { idOf, make } from '../../test/sample.ts';
import { answering, type SitesProps, thresholdsOf, thresholdText } from './thresholds.ts';

const SITE = idOf(1);
const modelOf = (version: string, fields: Partial<Model> = {}): Model =>
  make(Model, { id: idOf(50), name: 'tb', version, threshold: { probability: 0.5, name: 'Youden' }, ...fields });
const choiceOf = (siteId: string | null, modelVersion: string): ModelChoice =>
  make(ModelChoice, { siteId, modelName: 'tb', modelVersion });
const thresholdOf = (siteId: string | null, threshold: number, modelVersion = '1'): ModelThreshold =>
  make(ModelThreshold, { siteId, modelName: 'tb', modelVersion, threshold });
const propsOf = (models: Model[], choices: ModelChoice[]): SitesProps => ({
  models,
  choices,
  thresholds: [],
  recalibrations: [],
});

describe('the model that answers at a site', () => {
  const models = [modelOf('1'), modelOf('2'), modelOf('0', { id: null })];
  it('is the one that the site has chosen, before the one of the installation', () => {
    const props = propsOf(models, [choiceOf(null, '1'), choiceOf(SITE, '2')]);
    expect(answering(SITE, props)?.version).toBe('2');
    expect(answering(null, props)?.version).toBe('1');
  });
  it('is the one of the installation where the site has no choice of its own', () => {
    expect(answering(SITE, propsOf(models, [choiceOf(null, '2')]))?.version).toBe('2');
  });
  it('is the one that came with the program where nobody has chosen', () => {
    expect(answering(SITE, propsOf(models, []))?.version).toBe('0');
    expect(answering(null, propsOf(models, [choiceOf(SITE, '2')]))?.version).toBe('0');
  });
  it('is none where the chosen one is no longer there, rather than another one unasked', () => {
    expect(answering(SITE, propsOf(models, [choiceOf(SITE, '9'), choiceOf(null, '1')]))).toBeUndefined();
  });
});

describe('the threshold of a site', () => {
  const model = modelOf('1');
  it('is its own, and beside it the one that would count without it', () => {
    expect(thresholdsOf(SITE, model, [thresholdOf(null, 0.4), thresholdOf(SITE, 0.3)])).toEqual({ own: 0.3, inherited: 0.4 });
  });
  it('falls back to the installation’s, then to the model’s own', () => {
    expect(thresholdsOf(SITE, model, [thresholdOf(null, 0.4)])).toEqual({ own: null, inherited: 0.4 });
    expect(thresholdsOf(SITE, model, [])).toEqual({ own: null, inherited: 0.5 });
  });
  it('of the installation falls back to the model’s, not to itself', () => {
    expect(thresholdsOf(null, model, [thresholdOf(null, 0.4)])).toEqual({ own: 0.4, inherited: 0.5 });
  });
  it('is of one version: another version’s is never taken over', () => {
    expect(thresholdsOf(SITE, model, [thresholdOf(SITE, 0.3, '2'), thresholdOf(null, 0.2, '2')])).toEqual({
      own: null,
      inherited: 0.5,
    });
  });
  it('of 0 counts as one, not as none', () => {
    expect(thresholdsOf(SITE, model, [thresholdOf(null, 0)])).toEqual({ own: null, inherited: 0 });
  });
  it('is written with as many decimals as tell two apart, in the manner of the language', () => {
    expect([thresholdText(0.12345, 'fr'), thresholdText(0.12345, 'en'), thresholdText(0.5, 'fr')]).toEqual([
      '0,1235',
      '0.1235',
      '0,5',
    ]);
  });
});
