import { describe, expect, it } from 'vitest';
import { describeAgent } from './agent.ts';

describe('a device', () => {
  it('is named by browser and system', () => {
    expect(describeAgent('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130')).toEqual({
      browser: 'Edge',
      system: 'Windows',
    });
    expect(describeAgent('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604')).toEqual({
      browser: 'Safari',
      system: 'iPhone',
    });
  });
  it('that is a script stays unnamed', () => {
    expect(describeAgent('curl/8.5')).toBeUndefined();
  });
});
