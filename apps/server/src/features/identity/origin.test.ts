import { describe, expect, test } from 'vitest';
import { isOwnOrigin } from './origin.ts';

const plain = new URL('http://localhost:3000');
const https = new URL('https://pacs.example');
const from = (origin: string | undefined, host: string, fetchSite?: string) => ({ origin, host, fetchSite, unsafe: true });

describe('the own origin', () => {
  test.each([
    ['none sent', from(undefined, 'localhost:3000'), plain],
    ['the own host and port', from('http://10.0.0.5:3000', '10.0.0.5:3000'), plain],
    ['the scheme’s own port left out', from('http://pacs.local', 'pacs.local:80'), plain],
    ['the own host in other case', from('http://pacs.local', 'PACS.local'), plain],
    ['https seen as http behind a proxy', from('https://pacs.example', 'pacs.example'), https],
    ['PUBLIC_URL behind a proxy that changes Host', from('https://pacs.example', 'internal:3000'), https],
    ['an IPv6 host', from('http://[::1]:3000', '[::1]:3000'), plain],
  ])('%s is accepted', (_, provenance, publicUrl) => {
    expect(isOwnOrigin(provenance, publicUrl)).toBe(true);
  });

  test.each([
    ['null', from('null', 'localhost:3000'), plain],
    ['empty', from('', 'localhost:3000'), plain],
    ['another port', from('http://localhost:3001', 'localhost:3000'), plain],
    ['a subdomain', from('https://x.pacs.example', 'pacs.example'), https],
    ['a longer name', from('https://pacs.example.evil.org', 'pacs.example'), https],
    ['plain http where PUBLIC_URL is https', from('http://pacs.example', 'pacs.example'), https],
    ['a path', from('http://localhost:3000/x', 'localhost:3000'), plain],
    ['another scheme', from('ftp://localhost:3000', 'localhost:3000'), plain],
    ['a file', from('file://', 'localhost:3000'), plain],
    ['two origins', from('http://localhost:3000 http://evil.example', 'localhost:3000'), plain],
    ['no origin, but another site asks', from(undefined, 'localhost:3000', 'cross-site'), plain],
    ['no origin, but a sibling asks', from(undefined, 'localhost:3000', 'same-site'), plain],
  ])('%s is refused', (_, provenance, publicUrl) => {
    expect(isOwnOrigin(provenance, publicUrl)).toBe(false);
  });
});
