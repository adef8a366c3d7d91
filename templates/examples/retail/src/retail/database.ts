/** The shop's SQLite database: one table per kind of record, each record one JSON document. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { PRODUCTS } from './catalog.ts';
import { ORDERS, USERS } from './seed.ts';
import { databasePath } from './settings.ts';

const TABLES = `
  CREATE TABLE users (id TEXT PRIMARY KEY, record TEXT NOT NULL);
  CREATE TABLE products (id TEXT PRIMARY KEY, record TEXT NOT NULL);
  CREATE TABLE orders (id TEXT PRIMARY KEY, record TEXT NOT NULL);
  CREATE TABLE handoffs (id INTEGER PRIMARY KEY, summary TEXT NOT NULL);
`;

let current: DatabaseSync | undefined;

/** The database at `RETAIL_DATABASE`, or at data/shop.sqlite; made and filled on first use. */
export function database(): DatabaseSync {
  current ??= openDatabase(databasePath());
  return current;
}

/** Replaces the database that handlers use; for tests. */
export function useDatabase(database: DatabaseSync): void {
  current = database;
}

/** Opens a database; a new one is filled with the example's shop. `:memory:` is a path, too. */
export function openDatabase(path: string): DatabaseSync {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  database.exec('PRAGMA busy_timeout = 5000');
  transact(database, () => {
    const [found] = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'orders'").all();
    if (found === undefined) fill(database);
  });
  return database;
}

/** All of `work`, or nothing of it. */
export function transact<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function fill(database: DatabaseSync): void {
  database.exec(TABLES);
  const users = database.prepare('INSERT INTO users VALUES (?, ?)');
  const products = database.prepare('INSERT INTO products VALUES (?, ?)');
  const orders = database.prepare('INSERT INTO orders VALUES (?, ?)');
  for (const user of USERS) users.run(user.user_id, JSON.stringify(user));
  for (const product of PRODUCTS) products.run(product.product_id, JSON.stringify(product));
  for (const order of ORDERS) orders.run(order.order_id, JSON.stringify(order));
}
