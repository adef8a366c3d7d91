/** The keywords `pattern` and `format`, which Ajv would run on every text, also on one that `maxLength` refuses. */
import { createRequire } from 'node:module';

import { _, type Ajv, type Code, type CodeKeywordDefinition, type KeywordCxt, type Name } from 'ajv';

const require = createRequire(import.meta.url);
const { default: ucs2length }: { readonly default: (text: string) => number } = require('ajv/dist/runtime/ucs2length');

/** Where a schema bounds its texts, nothing longer gets to a pattern or a format: the bound alone refuses it. */
export function boundTexts(ajv: Ajv): void {
  ajv.removeKeyword('pattern').addKeyword(PATTERN);
  ajv.removeKeyword('format').addKeyword(FORMAT);
}

const PATTERN: CodeKeywordDefinition = {
  keyword: 'pattern',
  type: 'string',
  schemaType: 'string',
  // Where Ajv has its own, so that errors keep their order.
  before: 'format',
  error: { message: 'must match pattern', params: ({ schemaCode }) => _`{pattern: ${schemaCode}}` },
  code: (cxt) => cxt.fail(within(cxt, _`!${patternName(cxt)}.test(${cxt.data})`)),
};

const {
  default: OWN_FORMAT,
}: { readonly default: CodeKeywordDefinition } = require('ajv/dist/vocabularies/format/format');

const FORMAT: CodeKeywordDefinition = {
  ...OWN_FORMAT,
  code(cxt, ruleType) {
    const bounded: KeywordCxt = Object.create(cxt);
    bounded.pass = (isValid: Code) => cxt.fail(within(cxt, _`!(${isValid})`));
    OWN_FORMAT.code(ruleType === 'string' ? bounded : cxt, ruleType);
  },
};

function within({ data, gen, parentSchema: { maxLength } }: KeywordCxt, fault: Code): Code {
  // The function with which Ajv's own code counts for `maxLength`.
  const lengthOf = () => gen.scopeValue('func', { ref: ucs2length, code: _`ucs2length` });
  return typeof maxLength === 'number' ? _`${lengthOf()}(${data}) <= ${maxLength} && ${fault}` : fault;
}

function patternName({ gen, schema }: KeywordCxt): Name {
  const pattern: string = schema;
  const ref = new RegExp(pattern, 'u');
  return gen.scopeValue('pattern', { key: ref.toString(), ref, code: _`new RegExp(${pattern}, "u")` });
}
