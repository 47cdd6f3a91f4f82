import { inTransaction } from '../postgres/commit.ts';
import { readOnce, type Secret } from '../read-once.ts';

export interface Vault {
  /** @returns the secret's value; `undefined` where there is no such secret */
  find(): Promise<string | undefined>;
  create(value: string): Promise<void>;
}

/**
 * A secret that the first reader creates. A lock of the service's database lets only one of several create it: these vaults
 * would take a version from each.
 */
export const generateOnce = (name: string, vault: Vault, generate: () => string): Secret =>
  readOnce(async () => {
    const known = await vault.find();
    if (known !== undefined) return known;
    return inTransaction(async (connection) => {
      await connection.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`secret ${name}`]);
      const meanwhile = await vault.find();
      if (meanwhile !== undefined) return meanwhile;
      const value = generate();
      await vault.create(value);
      return value;
    });
  });
