import { defineErrors } from './catalogue.ts';

export const clientErrors = defineErrors({});
