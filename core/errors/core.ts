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
  'core.unexpected': {
    summary: 'Something failed that the catalogue does not know.',
    remedy: 'Read the cause; report it as a defect of Cutover if it is not your environment.',
    retryable: true,
  },
});
