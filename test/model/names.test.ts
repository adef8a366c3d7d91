import { expect, test } from 'vitest';

import { nameTool } from '../../src/model/names.ts';

test.each([
  ['get_invoice', { file: 'get_invoice', identifier: 'getInvoice', type: 'GetInvoice' }],
  ['issue-refund.v2', { file: 'issue-refund.v2', identifier: 'issueRefundV2', type: 'IssueRefundV2' }],
  ['delete', { file: 'delete', identifier: 'deleteTool', type: 'Delete' }],
  ['2fa', { file: '2fa', identifier: 'tool2fa', type: 'Tool2Fa' }],
  ['con', { file: 'tool_con', identifier: 'con', type: 'Con' }],
  ['NUL.txt', { file: 'tool_NUL_txt', identifier: 'nULTxt', type: 'NULTxt' }],
  ['..', { file: 'tool___', identifier: 'tool', type: 'Tool' }],
])('%s has a file, an identifier and a type that every system accepts', (name, names) => {
  expect(nameTool(name)).toEqual(names);
});
