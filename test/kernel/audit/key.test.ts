import { inspect } from 'node:util';

import { expect, test } from 'vitest';

import { readAuditKey } from '../../../templates/kernel/config/audit-key.ts';
import { Environment } from '../../../templates/kernel/config/environment.ts';

const KEY = 'thirty-two characters or even more';

test('the key is read from one place, is long, and nothing shows it', () => {
  expect(readAuditKey(new Environment({}))).toBeUndefined();
  const key = readAuditKey(new Environment({ MCP_AUDIT_KEY: KEY }));
  expect(key?.reveal()).toBe(KEY);
  expect(inspect({ key }) + JSON.stringify({ key })).not.toContain(KEY);
  for (const wrong of [{ MCP_AUDIT_KEY: 'short' }, { MCP_AUDIT_KEY: KEY, MCP_AUDIT_KEY_FILE: '/nowhere' }]) {
    const environment = new Environment(wrong);
    readAuditKey(environment);
    expect(() => environment.check()).toThrow(/MCP_AUDIT_KEY/);
  }
});
