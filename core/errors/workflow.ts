import { defineErrors } from './catalogue.ts';

/** Errors of the durable workflow itself: what stops a stage that did not fail by itself. */
export const workflowErrors = defineErrors({
  'workflow.checks-failed': {
    summary: 'A stage did its work, but its own checks did not hold.',
    remedy: 'Read the criteria that are named, mend the cause, then retry the stage or roll back.',
    retryable: false,
  },
  'workflow.gate-rejected': {
    summary: 'A person rejected what a stage gave.',
    remedy: 'Act on the remark, then retry the stage (it runs again and asks again), roll back or abort.',
    retryable: false,
  },
  'workflow.activity-timeout': {
    summary: 'A step took longer than it may, or its worker died, more often than it is retried.',
    remedy: 'Look whether workers are running and what the step last reported, then retry.',
    retryable: true,
  },
  'workflow.stage-unavailable': {
    summary: 'The worker does not have the code of a stage.',
    remedy: 'Install a complete build of Cutover for the worker; every stage is a folder below activities/.',
    retryable: false,
  },
  'workflow.unexpected': {
    summary: 'A step failed in a way that carries no code of the catalogue.',
    remedy: 'Read the cause in the Temporal Web UI; retry, or report it as a defect of Cutover.',
    retryable: true,
  },
});
