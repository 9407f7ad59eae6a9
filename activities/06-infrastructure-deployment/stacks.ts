import { canonicalJson } from '../../core/canonical-json.ts';
import type { MigrationContract } from '../../contract/types.ts';
import { stackName } from './naming.ts';
import { buildTemplate, type Template } from './template.ts';

/** A stack with its part of the contract. */
export interface StackPart {
  readonly name: string;
  /** The contract with this stack's tables only. */
  readonly contract: MigrationContract;
}

/** Below CloudFormation's 51,200 bytes by what an update adds for a moment: old indexes beside new ones. */
const PART_BYTES = 46_000;

/** What a template is built with, besides the contract. */
export interface TemplateTarget {
  readonly prefix: string;
  readonly migration: string;
  readonly region: string;
}

/** Spreads the tables over stacks whose templates can be sent inline, in the contract's order. */
export function stackParts(contract: MigrationContract, target: TemplateTarget): StackPart[] {
  const groups: MigrationContract['tables'][number][][] = [];
  for (const table of contract.tables) {
    const last = groups.at(-1);
    const together = { ...contract, tables: [...(last ?? []), table] };
    if (last && templateText(together, target, groups.length).length <= PART_BYTES) last.push(table);
    else groups.push([table]);
  }
  const first = stackName(target.prefix, target.migration);
  return groups.map((tables, at) => ({ name: partName(first, at + 1), contract: { ...contract, tables } }));
}

/** The first stack has the plain name; the others are numbered from 2. */
function partName(first: string, number: number): string {
  return number === 1 ? first : `${first.slice(0, 120)}-${number}`;
}

/** The template of a part; `number` keeps the dashboards of several stacks apart. */
export function partTemplate(contract: MigrationContract, target: TemplateTarget, number: number): Template {
  const { prefix, migration, region } = target;
  return buildTemplate(contract, { prefix, migration, region, dashboard: partName(`${prefix}${migration}`, number) });
}

/** The same as it is sent. */
export function templateText(contract: MigrationContract, target: TemplateTarget, number: number): string {
  return canonicalJson(partTemplate(contract, target, number));
}
