/** Reads and writes the shop's records. */
import { database } from './database.ts';
import type { Order, Product, User } from './types.ts';

type Table = 'users' | 'products' | 'orders';

export const findUser = (id: string): User | undefined => find<User>('users', id);
export const findProduct = (id: string): Product | undefined => find<Product>('products', id);
export const findOrder = (id: string): Order | undefined => find<Order>('orders', id);

export const saveUser = (user: User): void => save('users', user.user_id, user);
export const saveOrder = (order: Order): void => save('orders', order.order_id, order);

export function findUserByEmail(email: string): User | undefined {
  return firstUser("lower(record ->> '$.email') = lower(?)", [email]);
}

export function findUserByName(name: { firstName: string; lastName: string; zip: string }): User | undefined {
  return firstUser(
    "lower(record ->> '$.name.first_name') = lower(?) AND lower(record ->> '$.name.last_name') = lower(?) " +
      "AND record ->> '$.address.zip' = ?",
    [name.firstName, name.lastName, name.zip],
  );
}

/** Every product, by name. */
export function allProducts(): Product[] {
  const rows = database().prepare("SELECT record FROM products ORDER BY record ->> '$.name'").all();
  return rows.map((row) => parse<Product>(row));
}

/** Files a case for a person; returns its place in the list. */
export function addHandoff(summary: string): number {
  return Number(database().prepare('INSERT INTO handoffs (summary) VALUES (?)').run(summary).lastInsertRowid);
}

function find<Record>(table: Table, id: string): Record | undefined {
  const row = database().prepare(`SELECT record FROM ${table} WHERE id = ?`).get(id);
  return row === undefined ? undefined : parse<Record>(row);
}

function firstUser(condition: string, values: readonly string[]): User | undefined {
  const row = database()
    .prepare(`SELECT record FROM users WHERE ${condition} ORDER BY id`)
    .get(...values);
  return row === undefined ? undefined : parse<User>(row);
}

function save(table: Table, id: string, record: object): void {
  database().prepare(`UPDATE ${table} SET record = ? WHERE id = ?`).run(JSON.stringify(record), id);
}

/** The cast holds: only this module and the seed write records. */
function parse<Record>(row: { readonly [column: string]: unknown }): Record {
  return JSON.parse(String(row['record'])) as Record;
}
