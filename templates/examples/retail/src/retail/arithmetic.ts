/** Arithmetic on a text, by a small parser: text from a model is never run as code. */

/** Numbers, + - * /, parentheses and blanks; `undefined` where that is not what the text is, or where it divides by zero. */
export function evaluateArithmetic(text: string): number | undefined {
  const tokens = text.match(/\d+\.?\d*|\.\d+|[^ ]/g) ?? [];
  const reader = new Reader(tokens);
  const value = reader.sum();
  return reader.atEnd && value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** Recursive descent; the text is bounded by the tool's schema, and so is the depth. */
class Reader {
  private readonly tokens: readonly string[];
  private position = 0;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  get atEnd(): boolean {
    return this.position === this.tokens.length;
  }

  /** The next token; empty at the end. */
  private get next(): string {
    return this.tokens[this.position] ?? '';
  }

  sum(): number | undefined {
    return this.chain(['+', '-'], () => this.product());
  }

  private product(): number | undefined {
    return this.chain(['*', '/'], () => this.signed());
  }

  private signed(): number | undefined {
    if (this.accept('-')) return negate(this.signed());
    if (this.accept('+')) return this.signed();
    return this.primary();
  }

  private primary(): number | undefined {
    if (this.accept('(')) {
      const value = this.sum();
      return this.accept(')') ? value : undefined;
    }
    const value = Number.parseFloat(this.next);
    if (Number.isNaN(value)) return undefined;
    this.position += 1;
    return value;
  }

  /** Operands joined by operators of one rank, from left to right. */
  private chain(operators: readonly string[], operand: () => number | undefined): number | undefined {
    let value = operand();
    while (value !== undefined && operators.includes(this.next)) {
      const operator = this.next;
      this.position += 1;
      value = apply(operator, value, operand());
    }
    return value;
  }

  private accept(token: string): boolean {
    if (this.next !== token) return false;
    this.position += 1;
    return true;
  }
}

function negate(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}

function apply(operator: string, left: number, right: number | undefined): number | undefined {
  if (right === undefined) return undefined;
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '*' ? left * right : left / right;
}
