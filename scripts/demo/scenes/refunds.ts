/** A refund, the same one again, and one whose outcome nobody knows. */
import assert from 'node:assert/strict';

import { MANAGER, type Scene } from '../scene.ts';

const REFUND = { invoice_id: 'inv_4821abcd', amount_cents: 2500, reason: 'damaged' };

export const refundTwice: Scene = {
  title: 'a refund, and the same refund again: one effect, the same bytes',
  cast: MANAGER,
  async play(stage) {
    const first = await stage.call('issue_refund', REFUND);
    assert.equal(first.error, undefined);
    assert.equal(first.replayed, false);
    assert.equal(stage.effects().refunds, 1);
    const again = await stage.call('issue_refund', REFUND);
    assert.equal(again.replayed, true);
    assert.equal(again.text, first.text);
    assert.equal(stage.effects().refunds, 1);
  },
};

export const conflict: Scene = {
  title: 'the same refund with another amount: refused, not run',
  cast: MANAGER,
  async play(stage) {
    const { error } = await stage.call('issue_refund', { ...REFUND, amount_cents: 9900 });
    assert.equal(error?.category, 'idempotency_conflict');
    assert.equal(stage.effects().refunds, 0);
  },
};

export const tooLarge: Scene = {
  title: 'the upstream answers 422: a declared error, chosen by the body',
  cast: MANAGER,
  async play(stage) {
    const { error } = await stage.call('issue_refund', { ...REFUND, reason: 'goodwill', amount_cents: 99_000 });
    assert.equal(error?.code, 'REFUND_EXCEEDS_LIMIT');
    assert.equal(error.category, 'failed_precondition');
    assert.equal(stage.effects().refunds, 0);
  },
};

export const unknownOutcome: Scene = {
  title: 'no answer in time: the outcome is unknown, and a repeat never runs it twice',
  cast: MANAGER,
  async play(stage) {
    const refund = { invoice_id: 'inv_90aa12cd', amount_cents: 30_000, reason: 'duplicate' };
    stage.upstream.become('hang');
    const lost = await stage.call('issue_refund', refund);
    assert.equal(lost.error?.category, 'outcome_unknown');
    assert.equal(lost.error.retry, 'check_status_first');
    assert.equal(lost.error.executed, 'unknown');
    assert.equal(stage.effects().refunds, 1);

    stage.upstream.become('normal');
    const repeated = await stage.call('issue_refund', refund);
    assert.equal(repeated.error?.category, 'outcome_unknown');
    assert.equal(stage.effects().refunds, 1);

    const status = await stage.call('get_operation_status', { operation_id: lost.error.operation_id });
    assert.equal(Object(status.result).state, 'unknown');
  },
};
