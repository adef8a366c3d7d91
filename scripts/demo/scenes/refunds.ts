/** A refund, the same one again, one that somebody has to approve, and writes whose outcome nobody knows. */
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

export const notPaid: Scene = {
  title: 'an invoice that is not paid: the precondition fails, and nothing is sent',
  cast: MANAGER,
  async play(stage) {
    const { error } = await stage.call('issue_refund', { ...REFUND, invoice_id: 'inv_77d0beef' });
    assert.equal(error?.code, 'INVOICE_NOT_PAID');
    assert.equal(error.executed, 'no');
    assert.equal(stage.upstream.requests.at(-1), 'GET /v1/invoices/inv_77d0beef');
  },
};

export const tooLarge: Scene = {
  title: 'the upstream answers 422: a declared error, chosen by the body',
  cast: MANAGER,
  async play(stage) {
    const { error } = await stage.call('issue_refund', { ...REFUND, reason: 'goodwill', amount_cents: 20_000 });
    assert.equal(error?.code, 'REFUND_EXCEEDS_LIMIT');
    assert.equal(error.category, 'failed_precondition');
    assert.equal(stage.effects().refunds, 0);
  },
};

export const approval: Scene = {
  title: 'a large refund: waits until somebody else approves it, then happens once',
  cast: MANAGER,
  async play(stage) {
    const refund = { invoice_id: 'inv_c0ffee42', amount_cents: 60_000, reason: 'not_delivered' };
    const waiting = await stage.call('issue_refund', refund);
    assert.equal(waiting.error?.category, 'approval_required');
    assert.equal(stage.effects().refunds, 0);

    const id = waiting.error.operation_id ?? '';
    assert.equal(await stage.operate({ subject: 'demo', scopes: 'refunds:approve' }, 'approve', id), 1);
    assert.equal(await stage.operate({ subject: 'finance', scopes: 'refunds:approve' }, 'approve', id), 0);
    const approved = await stage.call('issue_refund', refund);
    assert.equal(approved.error, undefined);
    assert.equal((await stage.call('issue_refund', refund)).replayed, true);
    assert.equal(stage.effects().refunds, 1);
  },
};

export const sentAgain: Scene = {
  title: 'the connection breaks: the refund is sent again under its key, and happens once',
  cast: MANAGER,
  async play(stage) {
    const refund = { invoice_id: 'inv_90aa12cd', amount_cents: 30_000, reason: 'duplicate' };
    stage.upstream.become('reset');
    const lost = await stage.call('issue_refund', refund);
    assert.equal(lost.error?.executed, 'unknown');
    assert.equal(stage.effects().refunds, 1);

    stage.upstream.become('normal');
    const repeated = await stage.call('issue_refund', refund);
    assert.equal(Object(repeated.result).amount_cents, 30_000);
    assert.equal(stage.effects().refunds, 1);
  },
};

export const unknownOutcome: Scene = {
  title: 'the same without a key upstream: the outcome is unknown, and a repeat never runs it twice',
  cast: MANAGER,
  async play(stage) {
    const note = {
      invoice_id: 'inv_4821abcd',
      amount_cents: 500,
      note: 'Late delivery',
      idempotency_key: 'demo-credit-note-1',
    };
    stage.upstream.become('reset');
    const lost = await stage.call('add_credit_note', note);
    assert.equal(lost.error?.category, 'outcome_unknown');
    assert.equal(lost.error.retry, 'check_status_first');
    assert.equal(lost.error.executed, 'unknown');
    assert.equal(stage.effects().creditNotes, 1);

    stage.upstream.become('normal');
    const repeated = await stage.call('add_credit_note', note);
    assert.equal(repeated.error?.category, 'outcome_unknown');
    assert.equal(stage.effects().creditNotes, 1);

    const status = await stage.call('get_operation_status', { operation_id: lost.error.operation_id });
    assert.equal(Object(status.result).state, 'unknown');
  },
};
