/** Reads: a good one, an empty list, bad arguments, and errors of the upstream. */
import assert from 'node:assert/strict';

import { READER, type Scene } from '../scene.ts';

export const goodRead: Scene = {
  title: 'a good read',
  cast: READER,
  async play(stage) {
    const { result } = await stage.call('get_invoice', { invoice_id: 'inv_4821abcd' });
    assert.deepEqual(Object(result).status, 'paid');
  },
};

export const emptyList: Scene = {
  title: 'no invoices: an empty list, not an error',
  cast: READER,
  async play(stage) {
    const { result, error } = await stage.call('list_invoices', { customer_id: 'cus_00000000' });
    assert.equal(error, undefined);
    assert.deepEqual(Object(result).data, []);
  },
};

export const badArguments: Scene = {
  title: 'bad arguments: every fault is named, and nothing is sent',
  cast: READER,
  async play(stage) {
    const sent = stage.upstream.requests.length;
    const { error } = await stage.call('get_invoice', { invoice_id: 'invoice 4821', verbose: true });
    assert.equal(error?.category, 'invalid_input');
    assert.equal(error.retry, 'after_fix');
    const faults = error.violations?.map(({ field, rule }) => `${field} ${rule}`);
    assert.deepEqual(faults?.toSorted(), ['/invoice_id pattern', '/verbose additionalProperties']);
    assert.equal(stage.upstream.requests.length, sent);
  },
};

export const notFound: Scene = {
  title: 'the upstream answers 404: a declared error that says what to do',
  cast: READER,
  async play(stage) {
    const { error } = await stage.call('get_invoice', { invoice_id: 'inv_00000000' });
    assert.equal(error?.code, 'INVOICE_NOT_FOUND');
    assert.equal(error.category, 'not_found');
    assert.equal(error.retryable, false);
  },
};

export const busy: Scene = {
  title: 'the upstream answers 429: wait as long as it says, then the same call',
  cast: READER,
  async play(stage) {
    stage.upstream.become('busy');
    const { error } = await stage.call('get_invoice', { invoice_id: 'inv_4821abcd' });
    assert.equal(error?.code, 'BILLING_BUSY');
    assert.equal(error.category, 'rate_limited');
    assert.equal(error.retry, 'same_call');
    assert.equal(error.retry_after_ms, 7_000);
  },
};
