import { defineErrors } from './catalogue.ts';

/** Errors of what all stages share: settings, secrets, artifacts. */
export const coreErrors = defineErrors({
  'core.plan-invalid': {
    summary: 'The migration input does not match its schema.',
    remedy: 'Correct the field that is named; the schema is core/plan.schema.json.',
    retryable: false,
  },
  'core.reference-unresolved': {
    summary: 'A secret reference could not be resolved.',
    remedy: 'Set the environment variable, file or secret that the reference names for the worker.',
    retryable: false,
  },
  'core.artifact-missing': {
    summary: 'An artifact that this stage needs does not exist.',
    remedy: 'Run the stage that gives it again: retry with startAt at that stage, or roll back to it.',
    retryable: false,
  },
  'core.artifact-altered': {
    summary: 'An artifact is not the one that was recorded: its bytes or its hash differ.',
    remedy: 'Put the recorded file back, or roll back to the stage that gives it so that it is made again.',
    retryable: false,
  },
  'core.artifact-invalid': {
    summary: 'An artifact does not match its published format.',
    remedy: 'Correct the field that is named, or run the stage that gives the artifact again.',
    retryable: false,
  },
  'core.artifact-name': {
    summary: 'An artifact name leads out of the folder of its migration, or is not a plain relative path.',
    remedy: 'Use forward-slashed relative names without `..`; remove symbolic links from the artifact store.',
    retryable: false,
  },
  'core.artifact-secret': {
    summary: 'An artifact or checkpoint would have held a secret in plain text; it was not written.',
    remedy: 'Report it as a defect of the stage; where the secret is a common word, choose a better one.',
    retryable: false,
  },
  'core.store-unavailable': {
    summary: 'The artifact store could not be read or written.',
    remedy: 'Check that the folder or bucket exists, and that the worker may write to it and has space.',
    retryable: true,
  },
  'core.audit-broken': {
    summary: 'The audit trail does not end as it was left, so nothing may be appended.',
    remedy:
      'Put audit.jsonl back as it was (`cutover audit NAME --verify` names the place); the step then goes on by itself.',
    retryable: true,
  },
  'core.settings-invalid': {
    summary: 'A setting of the worker or the client is not usable.',
    remedy: 'Correct the environment variable that is named; docs/cli.md lists them all.',
    retryable: false,
  },
  'core.worker-stopped': {
    summary: 'The worker was stopped while it ran a step, more often than the step is retried.',
    remedy: 'Start a worker and retry.',
    retryable: true,
  },
  'core.unexpected': {
    summary: 'Something failed that the catalogue does not know.',
    remedy: 'Read the cause; report it as a defect of Cutover if it is not your environment.',
    retryable: true,
  },
});
