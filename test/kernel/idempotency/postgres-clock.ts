/** A schema whose clock can be put forward: it hides that of PostgreSQL. */
import { postgresPlace } from './services.ts';

export async function clockedPlace() {
  const { url, edit, remove } = await postgresPlace();
  await edit(`
    CREATE TABLE clock (ahead_ms BIGINT);
    INSERT INTO clock VALUES (0);
    CREATE FUNCTION clock_timestamp() RETURNS TIMESTAMPTZ LANGUAGE sql VOLATILE AS
      $$ SELECT pg_catalog.clock_timestamp() + ahead_ms * interval '1 millisecond' FROM clock $$;
  `);
  const clocked = new URL(url);
  clocked.searchParams.set('options', `${clocked.searchParams.get('options')},pg_catalog`);
  const passTime = (ms: number) => edit(`UPDATE clock SET ahead_ms = ahead_ms + ${ms}`);
  return { url: clocked.href, edit, passTime, remove };
}
