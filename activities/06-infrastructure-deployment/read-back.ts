import type { CheckResult } from '../../core/artifacts.ts';
import { keySchema } from '../../contract/table-definition.ts';
import type { ContractTable, MigrationContract } from '../../contract/types.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { DeployedTable } from './deployed.ts';
import { signature } from './waves.ts';

interface Fact {
  readonly ok: boolean;
  readonly name: string;
}

/** The deployed tables against the contract, fact by fact. */
export function readBackChecks(
  contract: MigrationContract,
  deployed: ReadonlyMap<string, DeployedTable>,
  target: { readonly prefix: string; readonly endpoint?: string },
): CheckResult[] {
  const { prefix } = target;
  const facts = contract.tables.flatMap((table) => tableFacts(table, deployed.get(table.table), prefix + table.table));
  const protections = contract.tables.flatMap((table) =>
    protectionFacts(deployed.get(table.table), prefix + table.table, target.endpoint !== undefined),
  );
  return [
    check('S6-R2', 'Deployed tables equal the contract by DescribeTable', facts),
    check('S6-R3', 'Protections are on, read back from each table', protections),
  ];
}

function tableFacts(table: ContractTable, found: DeployedTable | undefined, name: string): Fact[] {
  if (!found) return [{ ok: false, name: `${name} does not exist` }];
  const wanted = new Map(table.gsis.map((index) => [index.index_name, signature(index)]));
  const there = new Map(found.gsis.map((index) => [index.index_name, signature(index)]));
  const keys = canonicalJson({ schema: keySchema(table.pk, table.sk), types: [table.pk.type, table.sk?.type ?? null] });
  const foundKeys =
    found.pk &&
    canonicalJson({ schema: keySchema(found.pk, found.sk), types: [found.pk.type, found.sk?.type ?? null] });
  return [
    { ok: found.status === 'ACTIVE', name: `${name} is ${found.status}` },
    { ok: keys === foundKeys, name: `${name} has another key` },
    { ok: found.billing === 'PAY_PER_REQUEST', name: `${name} is billed ${found.billing}` },
    ...[...wanted].map(([index, key]) => ({
      ok: there.get(index) === key,
      name: `${name} lacks or differs in index ${index}`,
    })),
    ...[...there.keys()]
      .filter((index) => !wanted.has(index))
      .map((index) => ({ ok: false, name: `${name} has the extra index ${index}` })),
  ];
}

function protectionFacts(found: DeployedTable | undefined, name: string, emulator: boolean): Fact[] {
  return [
    { ok: found?.pointInTimeRecovery === true, name: `${name}: point-in-time recovery is off` },
    { ok: found?.deletionProtection === true, name: `${name}: deletion protection is off` },
    // An emulator has nothing to encrypt with and shows none, whatever the template says.
    ...(emulator
      ? []
      : [{ ok: found?.encryption === 'ENABLED', name: `${name}: encryption is ${found?.encryption ?? 'unknown'}` }]),
  ];
}

/** A check result from single facts; the first few failures are named. */
export function check(id: string, title: string, facts: readonly Fact[]): CheckResult {
  const failed = facts.filter(({ ok }) => !ok);
  return {
    id,
    title,
    passed: facts.length - failed.length,
    total: facts.length,
    failures: failed.slice(0, 20).map(({ name }) => name),
  };
}
