import { defineErrors } from './catalogue.ts';

export const flagsErrors = defineErrors({});
