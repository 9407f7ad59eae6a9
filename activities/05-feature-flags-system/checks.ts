import type { CheckResult } from '../../core/artifacts.ts';
import type { PhaseProof } from './drive.ts';

/** The criteria of the specification that running every phase answers. */
export function phaseChecks(proofs: readonly PhaseProof[]): CheckResult[] {
  const both = proofs.filter(({ rows }) => rows > 0);
  const leaving = proofs.filter(({ wayBack }) => wayBack !== undefined);
  const cookies = proofs.filter(({ cookie }) => cookie !== undefined);
  return [
    counted(
      'S5-R3',
      'Recorded traffic gives equal answers in every phase',
      proofs.reduce((sum, { replay }) => sum + replay.requests, 0),
      proofs.reduce((sum, { replay }) => sum + replay.different, 0),
      proofs.flatMap(({ phase, replay }) =>
        replay.differences.map((difference) => `phase ${phase}: ${JSON.stringify(difference).slice(0, 400)}`),
      ),
    ),
    listed(
      'S5-R4',
      "The application's own tests pass in every phase, in phase 5 without MySQL",
      proofs,
      ({ tests }) => tests.exitCode === 0,
      ({ tests }) => tests.output.slice(-800),
    ),
    counted(
      'S5-R5',
      'Rows and items are equal after traffic and tests in phases 2 to 4',
      both.reduce((sum, { rows }) => sum + rows, 0),
      both.reduce((sum, { differences }) => sum + differences.length, 0),
      both.flatMap(
        ({ phase, differences }) =>
        differences.map(({ kind, table, key, attributes }) => `phase ${phase}: ${kind} ${table} ${key} ${attributes.join(', ')}`), // prettier-ignore
      ),
    ),
    listed(
      'S5-R6',
      'Phase 3 finds no read that differs',
      proofs.filter(({ phase }) => phase === 3),
      ({ mismatches }) => mismatches === 0,
      ({ mismatches, mismatched }) => `${mismatches} reads: ${mismatched.join(', ')}`,
    ),
    listed(
      'S5-R7',
      'There is a way back to phase 1 from phases 2 to 4',
      leaving,
      ({ wayBack }) => wayBack === true,
      () => 'did not arrive',
    ),
    listed(
      'S5-R8',
      'A signed cookie sends one browser to DynamoDB',
      cookies,
      ({ cookie }) => cookie === true,
      () => 'read MySQL',
    ),
  ];
}

function listed(
  id: string,
  title: string,
  proofs: readonly PhaseProof[],
  good: (proof: PhaseProof) => boolean,
  why: (proof: PhaseProof) => string,
): CheckResult {
  const bad = proofs.filter((proof) => !good(proof));
  return counted(id, title, proofs.length, bad.length, bad.map((proof) => `phase ${proof.phase}: ${why(proof)}`)); // prettier-ignore
}

function counted(id: string, title: string, total: number, failed: number, failures: readonly string[]): CheckResult {
  return { id, title, passed: Math.max(0, total - failed), total, failures: failures.slice(0, 10) };
}
