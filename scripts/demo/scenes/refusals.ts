/** Writes that are refused before anything happens. */
import assert from 'node:assert/strict';

import { CAUTIOUS_MANAGER, READER, type Scene } from '../scene.ts';

const REFUND = { invoice_id: 'inv_4821abcd', amount_cents: 2500, reason: 'damaged' };

export const missingScope: Scene = {
  title: 'a missing scope: the tool is not shown, and a call is refused',
  cast: READER,
  async play(stage) {
    assert.ok(!(await stage.listTools()).includes('issue_refund'));
    const { error } = await stage.call('issue_refund', REFUND);
    assert.equal(error?.category, 'permission_denied');
    assert.equal(error.code, 'SCOPE_MISSING');
    assert.equal(error.executed, 'no');
    assert.deepEqual(stage.effects(), { refunds: 0, creditNotes: 0, emails: 0 });
  },
};

export const writesOff: Scene = {
  title: 'writes are off until somebody turns them on',
  cast: CAUTIOUS_MANAGER,
  async play(stage) {
    const { error } = await stage.call('issue_refund', REFUND);
    assert.equal(error?.code, 'WRITES_DISABLED');
    assert.equal(error.executed, 'no');
    assert.deepEqual(stage.effects(), { refunds: 0, creditNotes: 0, emails: 0 });
  },
};
