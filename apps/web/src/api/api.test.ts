import { OPERATIONS } from '@negatoscope/contract';
import { PAGE_ERRORS } from '@negatoscope/contract/errors';
import { describe, expect, it } from 'vitest';
import { textIn } from '../i18n/typography.ts';
import { addressOf } from './address.ts';
import { csrfFrom } from './csrf.ts';
import { ApiError, errorFrom, errorText } from './error.ts';
import { ROUTES } from './routes.ts';
import { renewalDelayMs } from './session.ts';

describe('addresses', () => {
  it('are those of the contract, every one of them', () => {
    // Those of links have a page of their own.
    const own = OPERATIONS.filter(({ path }) => !/^\/api\/shared(?:\/|$)/.test(path));
    expect(ROUTES).toEqual(Object.fromEntries(own.map(({ id, method, path }) => [id, `${method} ${path}`])));
  });
  it('encode what they are given, so that a value never becomes a path', () => {
    expect(addressOf('/api/studies/{studyInstanceUid}', { studyInstanceUid: '../x?y' })).toBe('/api/studies/..%2Fx%3Fy');
    expect(addressOf('/api/patients', {}, { q: 'é & #', limit: 100, cursor: undefined, sort: '' })).toBe(
      '/api/patients?q=%C3%A9+%26+%23&limit=100',
    );
  });
});

describe('refusals', () => {
  it('carry the catalog’s code, status and fields (RFC 9457)', () => {
    const error = errorFrom(400, { code: 'VALIDATION_FAILED', errors: [{ path: 'email', message: 'no' }, 3] });
    expect([error.code, error.status, error.fields]).toEqual(['VALIDATION_FAILED', 400, [{ path: 'email', message: 'no' }]]);
  });
  it.each([
    [502, '<html>', 'UNAVAILABLE'],
    [413, undefined, 'TOO_LARGE'],
    [418, { code: 'constructor' }, 'BAD_REQUEST'],
  ])('of status %i without a problem document get a code', (status, body, code) => {
    expect(errorFrom(status, body).code).toBe(code);
  });
  it('keep how long the server asks to wait', () => {
    expect(errorFrom(429, {}, '7').retryAfterS).toBe(7);
    expect(errorFrom(503, {}, 'Fri, 20 Nov 2026').retryAfterS).toBeUndefined();
  });
  it('speak the language of the person', () => {
    expect(errorText(new ApiError('NOT_FOUND', 404), 'fr')).toBe(textIn(PAGE_ERRORS.NOT_FOUND, 'fr'));
    expect(errorText(new ApiError('OFFLINE', 0), 'en')).toMatch(/Nothing is lost/);
    expect(errorText(new TypeError('x'), 'en')).toBe(textIn(PAGE_ERRORS.INTERNAL, 'en'));
  });
});

describe('the session', () => {
  it('reads the CSRF cookie of https before the one of http', () => {
    expect(csrfFrom('a=1; negatoscope_csrf=plain; __Host-negatoscope_csrf=se%3Dcure')).toBe('se=cure');
    expect(csrfFrom('negatoscope_csrf=plain')).toBe('plain');
    expect(csrfFrom('xnegatoscope_csrf=no')).toBeUndefined();
    // One that is none of ours.
    expect(csrfFrom('negatoscope_csrf=%E0%A4%A')).toBeUndefined();
  });
  it('is renewed at two thirds of the access token’s life, never in a loop', () => {
    expect(renewalDelayMs(900_000, 0)).toBe(600_000);
    expect(renewalDelayMs(0, 900_000)).toBe(5_000);
  });
});
